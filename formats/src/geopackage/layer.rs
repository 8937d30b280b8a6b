//! What a database says of its layers.

use arrow::datatypes::{DataType, Field, TimeUnit};
use godwit_geometry::{Candidates, Crs, GeometryType, Reach};
use rusqlite::{Connection, OptionalExtension as _, Result};

/// A layer: a table of the database.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) table: String,
    pub(super) columns: Vec<LayerColumn>,
    /// What the numbers of rows are called, if rows have numbers.
    pub(super) row_number: Option<&'static str>,
    /// The table of the index by place, and what its numbers of rows are called.
    pub(super) index: Option<(String, &'static str)>,
    crs: Option<Crs>,
}

/// A column of a layer.
#[derive(Debug, Clone)]
pub(super) struct LayerColumn {
    pub(super) name: String,
    pub(super) data_type: DataType,
    pub(super) is_geometry: bool,
}

/// Returns the names of the layers, those with features first.
pub(super) fn names(database: &Connection) -> Result<Vec<String>> {
    // A view may take any time to compute, so only tables are layers; GDAL writes an empty one
    // into databases without features.
    let mut statement = database.prepare(
        "SELECT contents.table_name FROM gpkg_contents AS contents \
         JOIN sqlite_schema AS known ON known.name = contents.table_name AND known.type = 'table' \
         WHERE data_type IN ('features', 'attributes') \
         AND contents.table_name <> 'ogr_empty_table' \
         ORDER BY data_type = 'features' DESC, contents.rowid",
    )?;
    let names = statement.query_map([], |row| row.get(0))?;
    names.collect()
}

impl Layer {
    /// Reads what the database says of a table.
    pub(super) fn read(database: &Connection, table: &str) -> Result<Self> {
        let geometry: Option<(String, i64)> = database
            .query_row(
                "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?1",
                [table],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            // A database without features need not have the table.
            .or_else(|error| {
                if has_table(database, "gpkg_geometry_columns")? { Err(error) } else { Ok(None) }
            })?;
        let crs = match &geometry {
            Some((_, system)) => reference_system(database, *system)?,
            None => None,
        };
        let geometry = geometry.map(|(name, _)| name);
        // With the columns that are computed, which the plain list of them leaves out.
        let mut statement = database.prepare(
            "SELECT name, type FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid",
        )?;
        let columns = statement.query_map([table], |row| {
            let name: String = row.get(0)?;
            let declared: String = row.get(1)?;
            let is_geometry =
                geometry.as_ref().is_some_and(|geometry| geometry.eq_ignore_ascii_case(&name));
            let data_type = if is_geometry { DataType::Binary } else { data_type(&declared) };
            Ok(LayerColumn { name, data_type, is_geometry })
        })?;
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let index = geometry.map(|geometry| format!("rtree_{table}_{geometry}"));
        let has_index = match &index {
            Some(index) => has_table(database, index)?,
            None => false,
        };
        // A table WITHOUT ROWID has none.
        let has_number = |name: &&str| {
            database.prepare(&format!("SELECT {name} FROM {}", quoted(table))).is_ok()
        };
        let row_number = free_row_number(&columns).filter(has_number);
        let index = index.filter(|_| has_index).zip(row_number);
        Ok(Self { table: table.to_owned(), columns, row_number, index, crs })
    }

    /// Returns the columns as fields.
    pub(super) fn fields(&self, crs: Option<&Crs>) -> Vec<Field> {
        let crs = crs.or(self.crs.as_ref());
        let columns = self.columns.iter();
        let field = |column: &LayerColumn| {
            if column.is_geometry {
                return GeometryType::new(crs.cloned()).field(&column.name, true);
            }
            Field::new(&column.name, column.data_type.clone(), true)
        };
        columns.map(field).collect()
    }
}

/// Returns a name of the number of a row that no column has taken.
fn free_row_number(columns: &[LayerColumn]) -> Option<&'static str> {
    let is_free = |name: &&str| {
        let mut taken = columns.iter().map(|column| &column.name);
        !taken.any(|column| column.eq_ignore_ascii_case(name))
    };
    ["rowid", "_rowid_", "oid"].into_iter().find(is_free)
}

fn has_table(database: &Connection, name: &str) -> Result<bool> {
    let found = database.query_row(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
        [name],
        |_| Ok(()),
    );
    Ok(found.optional()?.is_some())
}

/// Returns the type of a declaration: those of the format, and besides what the database takes a
/// declaration for. The size of a text or of bytes does not matter. What may hold any value, as
/// `NUMERIC` does, is text.
fn data_type(declared: &str) -> DataType {
    let declared = declared.to_ascii_uppercase();
    let name = declared.split('(').next().unwrap_or_default().trim();
    let is_one_of = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    match name {
        "BOOLEAN" | "BOOL" => DataType::Boolean,
        "TINYINT" | "SMALLINT" => DataType::Int16,
        "MEDIUMINT" => DataType::Int32,
        "FLOAT" => DataType::Float32,
        "DATE" => DataType::Date32,
        "DATETIME" => DataType::Timestamp(TimeUnit::Microsecond, None),
        // Geometries beside the one of the layer, and what only looks like a number.
        _ if is_one_of(&["POINT", "INTERVAL"]) => DataType::Utf8,
        // <https://www.sqlite.org/datatype3.html>, in its order.
        _ if name.contains("INT") => DataType::Int64,
        _ if is_one_of(&["CHAR", "CLOB", "TEXT"]) => DataType::Utf8,
        _ if name.contains("BLOB") => DataType::Binary,
        _ if is_one_of(&["REAL", "FLOA", "DOUB"]) => DataType::Float64,
        _ => DataType::Utf8,
    }
}

/// Returns the system with a number in the database: its code, else its definition.
fn reference_system(database: &Connection, number: i64) -> Result<Option<Crs>> {
    // 0 and -1 say that it is not known.
    if number == 0 || number == -1 {
        return Ok(None);
    }
    // An extension has a second column for what the first one cannot say.
    let has_second: bool = database.query_row(
        "SELECT count(*) > 0 FROM pragma_table_info('gpkg_spatial_ref_sys') \
         WHERE name = 'definition_12_063'",
        [],
        |row| row.get(0),
    )?;
    let second = if has_second { "definition_12_063" } else { "NULL" };
    let found: Option<(String, i64, String, Option<String>)> = database
        .query_row(
            &format!(
                "SELECT organization, organization_coordsys_id, definition, {second} \
                 FROM gpkg_spatial_ref_sys WHERE srs_id = ?1"
            ),
            [number],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .optional()?;
    Ok(found.and_then(|(organisation, code, first, second)| {
        let definitions = [second.as_deref().unwrap_or_default(), &first];
        Crs::described(&organisation, &code.to_string(), &definitions)
    }))
}

/// The index of a layer, whose answers are conditions over its rows.
pub(super) struct Index<'a> {
    pub(super) table: &'a str,
    pub(super) row_number: &'a str,
}

impl Candidates for Index<'_> {
    type Rows = String;

    fn everything(&self) -> String {
        "TRUE".to_owned()
    }

    fn nothing(&self) -> String {
        "FALSE".to_owned()
    }

    /// A layer has one column with geometries. The numbers of an index are rounded outward.
    fn reaching(&self, _column: &str, reach: &Reach) -> String {
        let Reach { xmin_at_most, ymin_at_most, xmax_at_least, ymax_at_least } = *reach;
        let sides = [
            ("minx <=", xmin_at_most),
            ("miny <=", ymin_at_most),
            ("maxx >=", xmax_at_least),
            ("maxy >=", ymax_at_least),
        ];
        // A side that is not finite demands nothing that could be written.
        let sides = sides.into_iter().filter(|(_, side)| side.is_finite());
        let sides: Vec<String> =
            sides.map(|(relation, side)| format!("{relation} {side:?}")).collect();
        if sides.is_empty() {
            return self.everything();
        }
        let (table, sides) = (quoted(self.table), sides.join(" AND "));
        format!("{} IN (SELECT id FROM {table} WHERE {sides})", self.row_number)
    }

    fn both(&self, left: String, right: String) -> String {
        format!("({left} AND {right})")
    }

    fn either(&self, left: String, right: String) -> String {
        format!("({left} OR {right})")
    }
}

/// Returns a name as the database wants it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_does_not_pass_for_the_number_of_its_row() {
        let columns = |names: &[&str]| {
            let column = |name: &&str| LayerColumn {
                name: (*name).to_owned(),
                data_type: DataType::Utf8,
                is_geometry: false,
            };
            names.iter().map(column).collect::<Vec<_>>()
        };
        assert_eq!(free_row_number(&columns(&["fid", "geom"])), Some("rowid"));
        assert_eq!(free_row_number(&columns(&["ROWID", "geom"])), Some("_rowid_"));
        assert_eq!(free_row_number(&columns(&["RowId", "_rowid_", "OID"])), None);
    }

    #[test]
    fn declarations_of_other_databases_have_types() {
        for (declared, expected) in [
            ("BIGINT", DataType::Int64),
            ("int8", DataType::Int64),
            ("UNSIGNED BIG INT", DataType::Int64),
            ("INTEGER", DataType::Int64),
            ("INT(11)", DataType::Int64),
            ("TINYINT", DataType::Int16),
            ("NUMERIC", DataType::Utf8),
            ("DECIMAL(10,2)", DataType::Utf8),
            ("DECIMAL (9, 0)", DataType::Utf8),
            ("numeric(19, 0)", DataType::Utf8),
            ("NUMBER(18)", DataType::Utf8),
            ("DOUBLE PRECISION", DataType::Float64),
            ("REAL", DataType::Float64),
            ("FLOAT", DataType::Float32),
            ("bool", DataType::Boolean),
            ("TIMESTAMP", DataType::Utf8),
            ("TIMESTAMP WITH TIME ZONE", DataType::Utf8),
            ("timestamp(3)", DataType::Utf8),
            ("DATETIME", DataType::Timestamp(TimeUnit::Microsecond, None)),
            ("VARCHAR(20)", DataType::Utf8),
            ("NATIVE CHARACTER(70)", DataType::Utf8),
            ("TEXT(9)", DataType::Utf8),
            ("INTERVAL", DataType::Utf8),
            ("MULTIPOINT", DataType::Utf8),
            ("TIME", DataType::Utf8),
            ("", DataType::Utf8),
            ("LONGBLOB", DataType::Binary),
        ] {
            assert_eq!(data_type(declared), expected, "{declared}");
        }
    }
}
