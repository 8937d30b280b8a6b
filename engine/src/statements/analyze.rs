//! `ANALYZE`: the boxes of rows that scans would read once they need them are read now.
//!
//! It reads files as a scan does and writes none, so it takes what a query takes.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::datasource::TableProvider;
use datafusion::datasource::physical_plan::FileScanConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::stream;
use godwit_catalog::{Entry, TEMPORARY_SCHEMA};
use godwit_formats::{BoxesRead, ReadAhead};
use godwit_geometry::{Edges, GeometryType};
use sqlparser::ast::{Ident, ObjectName};

use super::ready::Ready;
use super::{Step, insert, target};
use crate::error::{Code, Error, external};
use crate::plan::{Scope, find_entry};
use crate::rights::Privilege;
use crate::sql::Analyze;
use crate::stream::spawned;
use crate::system::{self, Cell, Column, Type, batch};
use crate::{DEFAULT_SCHEMA, tables};

const COLUMNS: &[Column] = &[
    ("table_schema", Type::Text),
    ("table_name", Type::Text),
    ("files", Type::Number),
    ("files_read", Type::Number),
    ("row_groups_read", Type::Number),
    ("rows_read", Type::Number),
    ("error", Type::Text),
];

/// Returns the columns of the result.
pub(super) fn schema() -> SchemaRef {
    batch(COLUMNS, Vec::new())
        .map_or_else(|_| SchemaRef::new(Schema::empty()), |batch| batch.schema())
}

/// What to look through.
pub(super) struct Target {
    files: Files,
    /// The columns that are meant; none means every geometry.
    columns: Vec<Ident>,
}

/// Where files come from.
enum Files {
    Table(Entry),
    Location(String),
}

/// Returns the tables that a statement names, or all that the principal may read.
pub(super) fn targets(named: &[Analyze], scope: &Scope) -> Result<Vec<Target>, Error> {
    if named.is_empty() {
        let tables = readable(scope).into_iter().map(Files::Table);
        return Ok(tables.map(|files| Target { files, columns: Vec::new() }).collect());
    }
    let mut targets = Vec::with_capacity(named.len());
    for Analyze { table, columns } in named {
        let files = match location(table) {
            Some(location) => {
                scope.check_location(location)?;
                Files::Location(location.to_owned())
            }
            None => Files::Table(found(table, scope)?),
        };
        targets.push(Target { files, columns: columns.clone() });
    }
    Ok(targets)
}

/// Returns the location that stands in the place of a table, in single quotes as in `FROM`.
fn location(name: &ObjectName) -> Option<&str> {
    let [part] = name.0.as_slice() else { return None };
    let name = part.as_ident().filter(|name| name.quote_style == Some('\''))?;
    Some(name.value.as_str())
}

fn readable(scope: &Scope) -> Vec<Entry> {
    let catalog = &scope.engine.catalog;
    let mut readable = Vec::new();
    for schema in tables::schemas(catalog, scope.temporary.as_deref(), &scope.rights) {
        let mut entries = scope.entries(&scope.named(&schema, "").schema);
        entries.retain(|entry| {
            !entry.is_view() && scope.require(Privilege::Select, &entry.name).is_ok()
        });
        readable.extend(entries);
    }
    readable
}

/// Finds a table that the principal may read.
fn found(name: &ObjectName, scope: &Scope) -> Result<Entry, Error> {
    let parts = target::parts(name)?;
    let entry = match find_entry(&parts, scope) {
        Ok(entry) => entry,
        Err(_) if is_of_system(&parts) => {
            return Err(wrong_kind(format!("\"{name}\" is made by the server and has no files")));
        }
        Err(error) => return Err(error),
    };
    scope.require(Privilege::Select, &entry.name)?;
    if entry.is_view() {
        return Err(wrong_kind(format!("\"{name}\" is a view and has no files of its own"))
            .with_hint("Type ANALYZE and the tables that the view reads."));
    }
    Ok(entry)
}

fn is_of_system(parts: &[String]) -> bool {
    let (schema, table) = match parts {
        [table] => (DEFAULT_SCHEMA, table.as_str()),
        [.., schema, table] => (schema.as_str(), table.as_str()),
        [] => return false,
    };
    system::schema(schema, table).is_some()
}

fn wrong_kind(message: String) -> Error {
    Error::new(Code::WrongObjectType, message)
}

/// Looks through tables one after the other, with a row for each.
pub(super) async fn run(named: &[Analyze], ready: Ready) -> Result<Step, Error> {
    let Ready { scope, schema, .. } = ready;
    let mut tasks = Vec::new();
    for target in targets(named, &scope)? {
        // What is wrong with tables that are named is told before anything is read.
        let opened =
            if named.is_empty() { None } else { Some(Box::pin(open(&target, &scope)).await?) };
        tasks.push((target, opened));
    }
    let ahead = ReadAhead::new(scope.task_context());
    let rows = stream::unfold((tasks.into_iter(), ahead, scope), |state| async move {
        let (mut tasks, mut ahead, scope) = state;
        let (target, opened) = tasks.next()?;
        let row = Box::pin(row(&target, opened, &mut ahead, &scope)).await;
        let row = row.map_err(external);
        Some((row, (tasks, ahead, scope)))
    });
    let rows = RecordBatchStreamAdapter::new(SchemaRef::clone(&schema), rows);
    Ok(Step::Rows { schema, stream: spawned(Box::pin(rows)) })
}

/// Reads what is missing of a table; one that was not named may be out of order without harm to the
/// others.
async fn row(
    target: &Target,
    opened: Option<Opened>,
    ahead: &mut ReadAhead,
    scope: &Scope,
) -> Result<RecordBatch, Error> {
    let is_named = opened.is_some();
    let opened = match opened {
        Some(opened) => Ok(opened),
        None => Box::pin(open(target, scope)).await,
    };
    let read = match opened {
        Ok(opened) => Box::pin(opened.read(ahead)).await,
        Err(error) => Err(error),
    };
    let (schema, name) = target.files.name(scope);
    let mut cells = vec![Cell::maybe(schema), Cell::text(name)];
    match read {
        Ok(BoxesRead { files, files_read, row_groups, rows }) => {
            cells.extend([files, files_read, row_groups, rows].map(number));
        }
        Err(error) if is_named => return Err(error),
        Err(error) => {
            tracing::warn!(schema, table = name, error = %error, "table cannot be read");
            cells.extend([Cell::Null, Cell::Null, Cell::Null, Cell::Null]);
            cells.push(Cell::Text(error.message));
        }
    }
    batch(COLUMNS, vec![cells])
}

fn number(count: usize) -> Cell {
    Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A table with its files of this moment.
struct Opened {
    plan: Arc<dyn ExecutionPlan>,
    /// The columns that may be read.
    columns: Vec<String>,
}

async fn open(target: &Target, scope: &Scope) -> Result<Opened, Error> {
    let table = target.files.open(scope).await?;
    let (places, columns) = boxed_columns(&table.schema(), &target.columns)?;
    let plan = table.scan(scope.state.as_ref(), Some(&places), &[], None).await?;
    Ok(Opened { plan, columns })
}

impl Files {
    /// Returns the schema, if there is one, and the name of a table or location.
    fn name(&self, scope: &Scope) -> (Option<&str>, &str) {
        match self {
            Self::Table(Entry { name, .. }) if scope.is_temporary(name) => {
                (Some(TEMPORARY_SCHEMA), name.table.as_str())
            }
            Self::Table(Entry { name, .. }) => (Some(name.schema.as_str()), name.table.as_str()),
            Self::Location(location) => (None, location.as_str()),
        }
    }

    async fn open(&self, scope: &Scope) -> Result<Arc<dyn TableProvider>, Error> {
        let catalog = &scope.engine.catalog;
        Ok(match self {
            Self::Table(entry) => catalog.provider(scope.state.as_ref(), entry).await?,
            Self::Location(location) => {
                let options = BTreeMap::new();
                catalog.open_location(scope.state.as_ref(), location, None, &options).await?
            }
        })
    }
}

impl Opened {
    async fn read(&self, ahead: &mut ReadAhead) -> Result<BoxesRead, Error> {
        let mut read = BoxesRead::default();
        for scan in scans(&self.plan) {
            read = read.and(ahead.read(scan, &self.columns).await?);
        }
        Ok(read)
    }
}

/// Returns the places and the names of the columns whose rows may have boxes: geometries in the
/// plane and, among columns that are named, bytes that may be such.
fn boxed_columns(schema: &Schema, named: &[Ident]) -> Result<(Vec<usize>, Vec<String>), Error> {
    let mut meant = Vec::with_capacity(named.len());
    for column in named {
        meant.push(insert::find(column, schema)?);
    }
    let (mut places, mut names) = (Vec::new(), Vec::new());
    for (place, field) in schema.fields().iter().enumerate() {
        let is_meant = named.is_empty() || meant.contains(&place);
        if is_meant && may_have_boxes(field, !named.is_empty()) {
            places.push(place);
            names.push(field.name().clone());
        }
    }
    Ok((places, names))
}

fn may_have_boxes(field: &Field, is_named: bool) -> bool {
    match GeometryType::from_field(field) {
        Ok(Some(geometry)) => geometry.edges == Edges::Planar,
        Ok(None) => {
            use DataType::{Binary, BinaryView, LargeBinary};
            is_named && matches!(field.data_type(), Binary | BinaryView | LargeBinary)
        }
        Err(_) => false,
    }
}

/// Returns the scans of files in a plan.
fn scans(plan: &Arc<dyn ExecutionPlan>) -> Vec<&FileScanConfig> {
    if let Some(scan) = plan.downcast_ref::<DataSourceExec>() {
        return scan.data_source().downcast_ref::<FileScanConfig>().into_iter().collect();
    }
    plan.children().into_iter().flat_map(scans).collect()
}

#[cfg(test)]
mod tests {
    use godwit_geometry::Crs;

    use super::*;

    #[test]
    fn geometries_are_read_and_bytes_that_are_named() {
        let globe = GeometryType { crs: Some(Crs::wgs84()), edges: Edges::Spherical };
        let schema = Schema::new(vec![
            Field::new("id", DataType::Int64, true),
            GeometryType::default().field("Geom", true),
            Field::new("bytes", DataType::BinaryView, true),
            globe.field("globe", true),
        ]);
        let read = |named: &[&str]| {
            let named: Vec<Ident> = named.iter().map(|name| Ident::new(*name)).collect();
            boxed_columns(&schema, &named)
        };
        let owned = |name: &str| vec![name.to_owned()];
        assert_eq!(read(&[]).unwrap(), (vec![1], owned("Geom")));
        assert_eq!(read(&["geom", "GEOM"]).unwrap(), (vec![1], owned("Geom")));
        assert_eq!(read(&["id", "bytes", "globe"]).unwrap(), (vec![2], owned("bytes")));
        assert_eq!(read(&["nowhere"]).unwrap_err().code, Code::UndefinedColumn);
    }
}
