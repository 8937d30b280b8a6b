//! What a database says of its layers.

use arrow::datatypes::{DataType, Field, TimeUnit};
use godwit_geometry::{Candidates, Crs, GeometryType, Reach};
use rusqlite::{Connection, OptionalExtension as _, Result};

/// A layer: a table of the database.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) table: String,
    pub(super) columns: Vec<LayerColumn>,
    /// The table of the index by place.
    pub(super) index: Option<String>,
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
        let mut statement =
            database.prepare("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid")?;
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
        Ok(Self { table: table.to_owned(), columns, index: index.filter(|_| has_index), crs })
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

fn has_table(database: &Connection, name: &str) -> Result<bool> {
    let found = database.query_row(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
        [name],
        |_| Ok(()),
    );
    Ok(found.optional()?.is_some())
}

/// Returns the type of a declaration; the size of a text or of bytes does not matter.
fn data_type(declared: &str) -> DataType {
    let declared = declared.to_ascii_uppercase();
    match declared.split('(').next().unwrap_or_default().trim() {
        "BOOLEAN" => DataType::Boolean,
        "TINYINT" | "SMALLINT" => DataType::Int16,
        "MEDIUMINT" => DataType::Int32,
        "INT" | "INTEGER" => DataType::Int64,
        "FLOAT" => DataType::Float32,
        "DOUBLE" | "REAL" => DataType::Float64,
        "BLOB" => DataType::Binary,
        "DATE" => DataType::Date32,
        "DATETIME" => DataType::Timestamp(TimeUnit::Microsecond, None),
        _ => DataType::Utf8,
    }
}

/// Returns the system with a number in the database: its code, else its definition.
fn reference_system(database: &Connection, number: i64) -> Result<Option<Crs>> {
    // 0 and -1 say that it is not known.
    if number < 1 {
        return Ok(None);
    }
    let found: Option<(String, i64, String)> = database
        .query_row(
            "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys \
             WHERE srs_id = ?1",
            [number],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    Ok(found.and_then(|(organization, code, definition)| {
        let named = Crs::parse(&format!("{}:{code}", organization.to_ascii_uppercase()));
        named.or_else(|_unknown| Crs::parse(&definition)).ok()
    }))
}

/// The index of a layer, whose answers are conditions over its rows.
pub(super) struct Index<'a>(pub(super) &'a str);

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
        format!("rowid IN (SELECT id FROM {} WHERE {})", quoted(self.0), sides.join(" AND "))
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
