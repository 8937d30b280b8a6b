//! The tables the engine makes itself: `information_schema`, `system`, `geometry_columns` and
//! `spatial_ref_sys`.

mod batch;
mod information;
mod objects;
mod reference_systems;
mod table;

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;

use crate::error::Error;
use crate::plan::Scope;

pub(crate) use batch::{Cell, batch};
pub(crate) use table::{Column, Type};

use table::{TABLES, Table};

/// The schemas that hold only such tables.
pub(crate) const SCHEMAS: [&str; 2] = ["information_schema", "system"];

/// Returns whether a schema holds only such tables.
pub(crate) fn has_schema(schema: &str) -> bool {
    SCHEMAS.iter().any(|known| known.eq_ignore_ascii_case(schema))
}

/// Returns whether there is such a table in a schema.
pub(crate) fn has_table(schema: &str, name: &str) -> bool {
    find(schema, name).is_some()
}

/// Returns the names of such tables in a schema.
pub(crate) fn names(schema: &str) -> Vec<&'static str> {
    TABLES
        .iter()
        .filter(|table| table.schema.eq_ignore_ascii_case(schema))
        .map(|table| table.name)
        .collect()
}

/// Returns the columns of such a table.
pub(crate) fn schema(schema: &str, name: &str) -> Option<SchemaRef> {
    find(schema, name).map(|table| batch::schema(table.columns))
}

/// Opens such a table with its rows of this moment, and returns its spelling too.
pub(crate) async fn open(
    schema: &str,
    name: &str,
    scope: &Scope,
) -> Result<Option<(String, Arc<dyn TableProvider>)>, Error> {
    let Some(table) = find(schema, name) else { return Ok(None) };
    let rows = Box::pin(rows(table, scope)).await;
    let batch = batch(table.columns, rows)?;
    let provider = MemTable::try_new(batch.schema(), vec![vec![batch]])?;
    Ok(Some((table.name.to_owned(), Arc::new(provider))))
}

fn find(schema: &str, name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| {
        table.schema.eq_ignore_ascii_case(schema) && table.name.eq_ignore_ascii_case(name)
    })
}

async fn rows(table: &Table, scope: &Scope) -> Vec<Vec<Cell>> {
    match (table.schema, table.name) {
        ("information_schema", "schemata") => information::schemata(scope),
        ("information_schema", "tables") => information::tables(scope).await,
        ("information_schema", "columns") => information::columns(scope).await,
        ("information_schema", "views") => information::views(scope).await,
        ("system", "tables") => objects::tables(scope).await,
        ("system", "queries") => objects::queries(scope),
        ("system", "functions") => objects::functions(),
        ("system", "formats") => objects::formats(),
        ("system", "settings") => objects::settings(scope),
        ("system", "error_codes") => objects::error_codes(),
        ("system", "drivers") => objects::drivers(),
        (_, "spatial_ref_sys") => reference_systems::rows(),
        (_, "geometry_columns") => objects::geometry_columns(scope).await,
        // Godwit declares no constraints; tools ask all the same.
        _ => Vec::new(),
    }
}
