//! Bulk ingestion: rows that a client streams into a table, in one commit.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use godwit_catalog::{CreateMode, Entry, EntryKind, TEMPORARY_SCHEMA, TableName, TableSpec};
use godwit_formats::WkbColumns;
use sqlparser::ast::{Ident, ObjectName};

use super::match_columns::Matching;
use super::write::{check_columns, done, table_format};
use super::{definitions, target};
use crate::DEFAULT_CATALOG;
use crate::error::{Code, Error, external};
use crate::ingest::{Ingest, IngestMode};
use crate::outcome::Completion;
use crate::plan::{Scope, entry_schema, find_entry};
use crate::queries::RowCounter;
use crate::rights::Privilege;

/// Rows on their way from a client.
type Rows = BoxStream<'static, Result<RecordBatch, Error>>;

/// Writes the rows of a client; nothing is visible unless all arrive.
pub(crate) async fn run(
    ingest: &Ingest,
    scope: &Scope,
    schema: &Schema,
    rows: Rows,
    counter: &RowCounter,
) -> Result<Completion, Error> {
    let name = name(ingest, scope)?;
    let geometries = WkbColumns::try_new(schema)?;
    let old = match ingest.mode {
        IngestMode::Create | IngestMode::Replace => None,
        IngestMode::Append => Some(existing(ingest, &name, scope)?),
        IngestMode::CreateOrAppend => scope.entry(&name),
    };
    match &old {
        Some(entry) => scope.require(Privilege::Insert, &entry.name)?,
        None => target::may_make(&name, mode(ingest.mode), scope)?,
    }
    let source = Source { geometries, rows, counter: counter.clone() };
    match old {
        Some(entry) => append(&entry, scope, source).await,
        None => create(ingest, &name, scope, source).await,
    }
}

fn mode(mode: IngestMode) -> CreateMode {
    match mode {
        IngestMode::Replace => CreateMode::Replace,
        _ => CreateMode::ErrorIfExists,
    }
}

/// Rows in the columns of the client.
struct Source {
    geometries: WkbColumns,
    rows: Rows,
    counter: RowCounter,
}

async fn create(
    ingest: &Ingest,
    name: &TableName,
    scope: &Scope,
    source: Source,
) -> Result<Completion, Error> {
    definitions::require_schema(name, scope).await?;
    let mode = mode(ingest.mode);
    let spec = spec(ingest)?;
    let schema = SchemaRef::clone(source.geometries.schema());
    check_columns(&schema)?;
    let rows = source.stream(None);
    let catalog = &scope.engine.catalog;
    let written = Box::pin(catalog.create_table(name, &spec, mode, schema, vec![rows])).await?;
    Ok(done("INGEST", &written))
}

async fn append(entry: &Entry, scope: &Scope, source: Source) -> Result<Completion, Error> {
    if matches!(entry.kind, EntryKind::View { .. }) {
        let message = format!("\"{}\" is a view, which takes no rows", entry.name);
        return Err(Error::unsupported(message));
    }
    let schema = Box::pin(entry_schema(entry, scope)).await?;
    let matching = Matching::try_new(source.geometries.schema(), &schema)?;
    let rows = source.stream(Some(matching));
    let catalog = &scope.engine.catalog;
    let written = Box::pin(catalog.insert(entry, false, schema, vec![rows])).await?;
    Ok(done("INGEST", &written))
}

impl Source {
    /// Returns the rows in the columns of the table, or as they are for a new one.
    fn stream(self, matching: Option<Matching>) -> SendableRecordBatchStream {
        let Self { geometries, rows, counter } = self;
        let schema = match &matching {
            Some(matching) => Arc::clone(matching.schema()),
            None => Arc::clone(geometries.schema()),
        };
        let rows = rows.map(move |batch| {
            let convert = || -> Result<RecordBatch, Error> {
                let batch = geometries.convert(&batch?)?;
                counter.count(batch.num_rows());
                match &matching {
                    Some(matching) => matching.convert(&batch),
                    None => Ok(batch),
                }
            };
            convert().map_err(external)
        });
        Box::pin(RecordBatchStreamAdapter::new(schema, rows))
    }
}

/// Returns the table to add rows to. What hides a permanent table is not meant unless it says so.
fn existing(ingest: &Ingest, name: &TableName, scope: &Scope) -> Result<Entry, Error> {
    if !scope.is_temporary(name) {
        return find_entry(&parts(ingest), &scope.without_temporary());
    }
    find_entry(&[TEMPORARY_SCHEMA.to_owned(), name.table.clone()], scope)
}

/// Returns the full name of the table.
fn name(ingest: &Ingest, scope: &Scope) -> Result<TableName, Error> {
    let quoted = |part: String| Ident::with_quote('"', part);
    let mut parts = parts(ingest);
    if let Some(catalog) = ingest.catalog.as_ref().filter(|catalog| !catalog.is_empty()) {
        if parts.len() == 1 {
            let schema = if ingest.is_temporary { TEMPORARY_SCHEMA } else { &scope.schema };
            parts.insert(0, schema.to_owned());
        }
        parts.insert(0, catalog.clone());
    }
    let name = ObjectName::from(parts.into_iter().map(quoted).collect::<Vec<_>>());
    target::object(&name, ingest.is_temporary, scope).map_err(|error| match error.code {
        Code::UndefinedSchema => error.with_hint(format!("The catalog is {DEFAULT_CATALOG}.")),
        _ => error,
    })
}

fn parts(ingest: &Ingest) -> Vec<String> {
    let schema = ingest.schema.as_ref().filter(|schema| !schema.is_empty());
    schema.into_iter().chain([&ingest.table]).cloned().collect()
}

fn spec(ingest: &Ingest) -> Result<TableSpec, Error> {
    let mut spec = TableSpec { is_declared: true, ..TableSpec::default() };
    for (name, value) in &ingest.options {
        match name.as_str() {
            "format" => spec.format = table_format(Some(value))?,
            "partition_by" => {
                spec.partition_by = value.split(',').map(|name| name.trim().to_owned()).collect();
            }
            _ => {
                let message = format!("there is no option \"{name}\" of an ingestion");
                return Err(Error::new(Code::InvalidParameter, message)
                    .with_hint("The options are format and partition_by."));
            }
        }
    }
    Ok(spec)
}
