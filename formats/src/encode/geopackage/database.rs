//! The database of a GeoPackage while it is being filled.

use arrow::array::{Array as _, RecordBatch};
use godwit_geometry::{Crs, Geometry, Kinds, WkbColumn, curve};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, Statement, params};
use tempfile::NamedTempFile;

use super::FORMAT;
use super::geometry::{Seen, append};
use super::schema::{Layout, METADATA, quoted};
use crate::FormatError;
use crate::encode::attributes::{Cells, Features, Form};

/// Nobody else sees the file, and what is cut off is thrown away.
const SETTINGS: &str =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;";

/// The numbers of systems without an authority begin here.
const OWN_SYSTEM: i32 = 100_000;

/// A database with one layer.
pub(super) struct Database {
    layout: Layout,
    connection: Connection,
    file: NamedTempFile,
    /// The number of the reference system.
    system: i32,
    seen: Seen,
}

impl Database {
    /// Makes a database without rows, in a transaction that is left open.
    pub(super) fn create(layout: Layout, crs: Option<&Crs>) -> Result<Self, FormatError> {
        let file = NamedTempFile::new()?;
        let connection = Connection::open(file.path()).map_err(failed)?;
        connection.execute_batch(SETTINGS).map_err(failed)?;
        connection.execute_batch(METADATA).map_err(failed)?;
        connection.execute_batch("BEGIN").map_err(failed)?;
        let system = add_system(&connection, crs).map_err(failed)?;
        connection.execute_batch(&layout.table()).map_err(failed)?;
        if let Some(index) = layout.index() {
            let columns = "id, minx, maxx, miny, maxy";
            let index = format!("CREATE VIRTUAL TABLE {} USING rtree({columns})", quoted(&index));
            connection.execute_batch(&index).map_err(failed)?;
        }
        Ok(Self { layout, connection, file, system, seen: Seen::new() })
    }

    /// Adds the rows of a batch.
    pub(super) fn insert(
        &mut self,
        batch: &RecordBatch,
        features: &Features,
        cells: &[Cells],
    ) -> Result<(), FormatError> {
        let column = features.geometry.map(|index| batch.column(index));
        let geometries = column.and_then(|column| WkbColumn::try_new(column.as_ref()));
        let mut rows = self.connection.prepare_cached(&self.layout.insertion()).map_err(failed)?;
        let mut boxes = match self.layout.index() {
            Some(index) => {
                let sql = format!("INSERT INTO {} VALUES (?, ?, ?, ?, ?)", quoted(&index));
                Some(self.connection.prepare_cached(&sql).map_err(failed)?)
            }
            None => None,
        };
        let mut blob = Vec::new();
        for row in 0..batch.num_rows() {
            let mut place = 1;
            let mut bounds = None;
            if features.geometry.is_some() {
                blob.clear();
                let given = geometries.map(|column| column.geometry_of(row, Kinds::All));
                if let Some(given) = given.transpose()?.flatten() {
                    let basic = if given.is_basic() { None } else { Some(curve::to_basic(given)?) };
                    let geometry = match &basic {
                        Some(bytes) => Geometry::try_new(bytes)?,
                        None => given,
                    };
                    bounds = append(&mut blob, geometry, self.system);
                    self.seen.add(geometry, bounds);
                }
                let value = if blob.is_empty() { ValueRef::Null } else { ValueRef::Blob(&blob) };
                bind(&mut rows, place, value).map_err(failed)?;
                place += 1;
            }
            for (attribute, cells) in features.attributes.iter().zip(cells) {
                let text;
                let value = match cells {
                    // The format wants an instant.
                    Cells::Text(values) if attribute.form == Form::Time && values.is_valid(row) => {
                        text = instant(values.value(row));
                        ValueRef::Text(text.as_bytes())
                    }
                    cells => value(cells, row, &attribute.name)?,
                };
                bind(&mut rows, place, value).map_err(failed)?;
                place += 1;
            }
            rows.raw_execute().map_err(|error| self.refused(error))?;
            if let (Some(boxes), Some(bounds)) = (&mut boxes, bounds) {
                let id = self.connection.last_insert_rowid();
                let sides = params![id, bounds.xmin, bounds.xmax, bounds.ymin, bounds.ymax];
                boxes.execute(sides).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Says what was found, and returns the file.
    pub(super) fn complete(self) -> Result<NamedTempFile, FormatError> {
        self.describe().map_err(failed)?;
        self.connection.execute_batch("COMMIT").map_err(failed)?;
        self.connection.close().map_err(|(_, error)| failed(error))?;
        Ok(self.file)
    }

    fn describe(&self) -> rusqlite::Result<()> {
        let Layout { layer, geometry, .. } = &self.layout;
        let data_type = if geometry.is_some() { "features" } else { "attributes" };
        let extent = &self.seen.extent;
        let known = (extent.xmin <= extent.xmax).then_some(extent);
        let system = geometry.is_some().then_some(self.system);
        self.connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, min_x, min_y, max_x, \
             max_y, srs_id) VALUES (?1, ?2, ?1, ?3, ?4, ?5, ?6, ?7)",
            params![
                layer,
                data_type,
                known.map(|known| known.xmin),
                known.map(|known| known.ymin),
                known.map(|known| known.xmax),
                known.map(|known| known.ymax),
                system,
            ],
        )?;
        let Some(column) = geometry else { return Ok(()) };
        let [z, m] = self.seen.ordinates();
        self.connection.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)",
            params![layer, column, self.seen.kind_name(), self.system, z, m],
        )?;
        if let Some(triggers) = self.layout.triggers() {
            self.connection.execute(
                "INSERT INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index', \
                 'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')",
                params![layer, column],
            )?;
            self.connection.execute_batch(&triggers)?;
        }
        Ok(())
    }

    /// Returns the error for a row that the database does not take.
    fn refused(&self, error: rusqlite::Error) -> FormatError {
        if error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
            return failed(error);
        }
        let key = &self.layout.key.0;
        let reason = format!(
            "column \"{key}\" is the key of the {FORMAT}, and has a number twice: give it another \
             name with AS"
        );
        FormatError::Unsupported { reason }
    }
}

/// Adds the reference system of the layer, and returns its number.
fn add_system(connection: &Connection, crs: Option<&Crs>) -> rusqlite::Result<i32> {
    let Some(crs) = crs else { return Ok(-1) };
    let named = match (crs.srid(), crs.authority()) {
        (Some(srid), Some((authority, _))) if authority == "ESRI" => Some((authority, srid)),
        (Some(srid), _) => Some(("EPSG".to_owned(), srid)),
        (None, Some((authority, code))) => code.parse().ok().map(|code| (authority, code)),
        (None, None) => None,
    };
    let (organisation, number) = named.unwrap_or_else(|| ("NONE".to_owned(), OWN_SYSTEM));
    let definition = match crs.to_json() {
        serde_json::Value::String(text) => text,
        // Readers take what has a code by it.
        _ if crs.is_known_by_code() => "undefined".to_owned(),
        json => json.to_string(),
    };
    connection.execute(
        "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?2, ?4, NULL)",
        params![crs.name(), number, organisation, definition],
    )?;
    Ok(number)
}

fn bind(statement: &mut Statement<'_>, place: usize, value: ValueRef<'_>) -> rusqlite::Result<()> {
    statement.raw_bind_parameter(place, ToSqlOutput::Borrowed(value))
}

/// Returns the value of an attribute in a row.
fn value<'c>(cells: &'c Cells, row: usize, name: &str) -> Result<ValueRef<'c>, FormatError> {
    Ok(match cells {
        Cells::Boolean(values) if values.is_valid(row) => {
            ValueRef::Integer(i64::from(values.value(row)))
        }
        Cells::Whole(values) if values.is_valid(row) => ValueRef::Integer(values.value(row)),
        Cells::Unsigned(values) if values.is_valid(row) => {
            let value = i64::try_from(values.value(row));
            ValueRef::Integer(value.map_err(|_large| FormatError::Unsupported {
                reason: format!(
                    "a number of column \"{name}\" is too large for {FORMAT}: write \
                     CAST(\"{name}\" AS TEXT)"
                ),
            })?)
        }
        Cells::Number(values) if values.is_valid(row) => ValueRef::Real(values.value(row)),
        Cells::Text(values) if values.is_valid(row) => ValueRef::Text(values.value(row).as_bytes()),
        Cells::Binary(values) if values.is_valid(row) => ValueRef::Blob(values.value(row)),
        _ => ValueRef::Null,
    })
}

/// Returns a time as the format has it: with milliseconds, if no more digits are needed, and with
/// the letter of universal time.
fn instant(text: &str) -> String {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let fraction = if text.contains('.') { "" } else { ".000" };
    format!("{text}{fraction}Z")
}

fn failed(error: rusqlite::Error) -> FormatError {
    FormatError::Io(std::io::Error::other(error))
}
