//! Making a version of a Delta table visible.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Schema};
use deltalake_core::kernel::engine::arrow_conversion::TryIntoKernel as _;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TableReference};
use deltalake_core::kernel::{Action, Add, MetadataExt as _, Protocol, StructType, new_metadata};
use deltalake_core::logstore::{LogStore as _, LogStoreRef};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableError};
use futures::TryStreamExt as _;
use serde_json::{Value, json};
use tracing::warn;
use uuid::Uuid;

use super::{StoredSchema, TableSnapshot};
use crate::CatalogError;

/// How often a write is tried again on top of what somebody else committed before it.
const ATTEMPTS: usize = 10;

/// Names the write in the information about a commit.
const WRITE_KEY: &str = "godwit.write";

/// What a commit does to a table.
#[derive(Debug)]
pub(crate) enum Change {
    /// Makes the table.
    Create(Definition),
    /// Makes the table anew in the place of what it was.
    Replace(Definition),
    /// Adds files to the newest version, which may be later than the one that the write started
    /// from if it has the same columns.
    Append(Box<DeltaTable>),
    /// Takes the place of all files of the table, which keeps its schema.
    Overwrite(Box<DeltaTable>),
    /// Takes the place of the files of the version that the write started from, and of no other.
    Rewrite(Box<DeltaTable>, Rewrite),
}

/// A version of a Delta table, which is not that of the same number of another table in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableVersion {
    /// The number of the version.
    pub number: i64,
    /// What the log calls the table.
    pub(super) table: Arc<str>,
}

impl TableVersion {
    /// Returns whether both are versions of one table, which was not made anew in between.
    pub fn is_of_same_table(&self, other: &Self) -> bool {
        self.table == other.table
    }
}

/// How the rows of a table are written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// The version that the rows were computed from.
    pub base: TableVersion,
    /// Whether some of them are deleted; else some are changed.
    pub is_delete: bool,
    /// Whether the caller has kept other statements from committing, with `Catalog::hold`.
    pub is_held: bool,
}

/// What a table is.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) schema: StoredSchema,
    pub(crate) partition_by: Vec<String>,
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) properties: Vec<(String, String)>,
}

/// Commits files and returns the version that they are in.
///
/// When the store leaves open whether the commit is there, the log is asked from the base version
/// on. An error means that the files are not part of the table, unless [`landed`] says otherwise
/// later.
pub(crate) async fn commit(
    log_store: &LogStoreRef,
    change: Change,
    adds: Vec<Add>,
    write: Uuid,
    base: Option<i64>,
) -> Result<i64, CatalogError> {
    match Box::pin(try_commit(log_store, change, adds, write)).await {
        Ok(version) => Ok(version),
        Err(error) => match landed(log_store, base, write).await {
            Ok(Some(version)) => Ok(version),
            _ => Err(error),
        },
    }
}

/// Returns the version that a write became after the base version, if it did.
pub(crate) async fn landed(
    log_store: &LogStoreRef,
    base: Option<i64>,
    write: Uuid,
) -> Result<Option<i64>, CatalogError> {
    let failed = |error| CatalogError::delta(log_store.root_url().as_str(), error);
    let start = base.and_then(|version| u64::try_from(version).ok()).unwrap_or(0);
    if !log_store.is_delta_table_location().await.map_err(failed)? {
        return Ok(None);
    }
    let newest = log_store.get_latest_version(start).await.map_err(failed)?;
    let marker = write.simple().to_string();
    for version in start..=newest {
        let entry = log_store.read_commit_entry(version).await.map_err(failed)?;
        let is_ours = entry.is_some_and(|bytes| String::from_utf8_lossy(&bytes).contains(&marker));
        if is_ours {
            return Ok(i64::try_from(version).ok());
        }
    }
    Ok(None)
}

async fn try_commit(
    log_store: &LogStoreRef,
    change: Change,
    adds: Vec<Add>,
    write: Uuid,
) -> Result<i64, CatalogError> {
    let failed = |error| CatalogError::delta(log_store.root_url().as_str(), error);
    match change {
        Change::Create(definition) => {
            let (mut actions, operation) = define(log_store, &definition, SaveMode::ErrorIfExists)?;
            actions.extend(adds.into_iter().map(Action::Add));
            submit(log_store, None, actions, operation, write).await.map_err(failed)
        }
        Change::Append(table) => {
            let operation = write_operation(&table, SaveMode::Append);
            append(log_store, &table, &operation, &adds, write).await
        }
        Change::Replace(definition) => {
            let (defining, operation) = define(log_store, &definition, SaveMode::Overwrite)?;
            take_over(log_store, None, &defining, &operation, &adds, write).await
        }
        Change::Overwrite(table) => {
            let operation = write_operation(&table, SaveMode::Overwrite);
            take_over(log_store, Some(&table), &[], &operation, &adds, write).await
        }
        Change::Rewrite(table, rewrite) => {
            let operation = if rewrite.is_delete {
                DeltaOperation::Delete { predicate: None }
            } else {
                DeltaOperation::Update { predicate: None }
            };
            let mut actions = removals(log_store, &table).await.map_err(failed)?;
            actions.extend(adds.into_iter().map(Action::Add));
            // The rows were computed from this version, so a later one is a conflict.
            submit(log_store, Some(&table), actions, operation, write).await.map_err(failed)
        }
    }
}

/// Returns the actions that remove all files of a version.
async fn removals(
    log_store: &LogStoreRef,
    table: &DeltaTable,
) -> Result<Vec<Action>, DeltaTableError> {
    let state = table.snapshot()?;
    let views = state.snapshot().file_views(log_store.as_ref(), None);
    views.map_ok(|view| Action::Remove(view.remove_action(true))).try_collect().await
}

/// Commits files beside those that are there at that moment.
///
/// Nothing of the table was read to make them, so whatever others have added, changed or deleted
/// in the meantime is no conflict; only other columns are.
async fn append(
    log_store: &LogStoreRef,
    base: &DeltaTable,
    operation: &DeltaOperation,
    adds: &[Add],
    write: Uuid,
) -> Result<i64, CatalogError> {
    let location = log_store.root_url().to_string();
    let mut newest: Option<DeltaTable> = None;
    for _ in 0..ATTEMPTS {
        let table = newest.as_ref().unwrap_or(base);
        let actions = adds.iter().cloned().map(Action::Add).collect();
        let committed = submit(log_store, Some(table), actions, operation.clone(), write).await;
        match committed.map_err(|error| CatalogError::delta(location.as_str(), error)) {
            Err(CatalogError::Conflict { .. }) => newest = Some(load(log_store, Some(base)).await?),
            outcome => return outcome,
        }
    }
    Err(CatalogError::Conflict { location })
}

/// Loads the newest version, which must hold what was made for the base.
async fn load(
    log_store: &LogStoreRef,
    base: Option<&DeltaTable>,
) -> Result<DeltaTable, CatalogError> {
    let location = log_store.root_url().to_string();
    let mut table = DeltaTable::new(Arc::clone(log_store));
    Box::pin(table.load()).await.map_err(|error| CatalogError::delta(&location, error))?;
    match base {
        Some(base) if !has_same_columns(base, &table) => Err(CatalogError::Conflict { location }),
        _ => Ok(table),
    }
}

fn has_same_columns(one: &DeltaTable, other: &DeltaTable) -> bool {
    let partitions = |table: &DeltaTable| {
        table.snapshot().ok().map(|state| state.metadata().partition_columns().to_vec())
    };
    TableSnapshot::schema_text(one) == TableSnapshot::schema_text(other)
        && partitions(one) == partitions(other)
}

/// Commits in the place of all files that are there at that moment.
async fn take_over(
    log_store: &LogStoreRef,
    base: Option<&DeltaTable>,
    defining: &[Action],
    operation: &DeltaOperation,
    adds: &[Add],
    write: Uuid,
) -> Result<i64, CatalogError> {
    let location = log_store.root_url().to_string();
    let failed = |error| CatalogError::delta(location.as_str(), error);
    for _ in 0..ATTEMPTS {
        let table = load(log_store, base).await?;
        let mut actions = defining.to_vec();
        actions.extend(removals(log_store, &table).await.map_err(failed)?);
        actions.extend(adds.iter().cloned().map(Action::Add));
        let committed = submit(log_store, Some(&table), actions, operation.clone(), write).await;
        match committed.map_err(failed) {
            Err(CatalogError::Conflict { .. }) => {}
            outcome => return outcome,
        }
    }
    Err(CatalogError::Conflict { location })
}

/// Commits on top of a version; a later one is a conflict.
async fn submit(
    log_store: &LogStoreRef,
    table: Option<&DeltaTable>,
    actions: Vec<Action>,
    operation: DeltaOperation,
    write: Uuid,
) -> Result<i64, DeltaTableError> {
    let information = [(WRITE_KEY.to_owned(), Value::from(write.simple().to_string()))];
    // What another commit means for this one is decided by the caller.
    let properties = CommitProperties::default().with_metadata(information).with_max_retries(0);
    let state = table.map(DeltaTable::snapshot).transpose()?;
    let prepared = CommitBuilder::from(properties)
        .with_actions(actions)
        .build(state.map(|state| state as &dyn TableReference), Arc::clone(log_store), operation)
        .into_prepared_commit_future()
        .await?;
    let committed = prepared.await?;
    let version = i64::try_from(committed.version).unwrap_or(i64::MAX);
    // The version is visible. What follows only tidies the log.
    if let Err(error) = Box::pin(committed.into_future()).await {
        warn!(%error, version, "delta log not tidied");
    }
    Ok(version)
}

fn write_operation(table: &DeltaTable, mode: SaveMode) -> DeltaOperation {
    let partition_by =
        table.snapshot().ok().map(|state| state.metadata().partition_columns().to_vec());
    DeltaOperation::Write {
        mode,
        partition_by: partition_by.filter(|columns| !columns.is_empty()),
        predicate: None,
    }
}

/// Returns the actions that define a table, and the operation they are part of.
fn define(
    log_store: &LogStoreRef,
    definition: &Definition,
    mode: SaveMode,
) -> Result<(Vec<Action>, DeltaOperation), CatalogError> {
    let location = log_store.root_url().clone();
    let failed = |error: DeltaTableError| CatalogError::delta(location.as_str(), error);
    let invalid = |error: deltalake_core::kernel::Error| failed(error.into());
    let schema: StructType =
        definition.schema.table.as_ref().try_into_kernel().map_err(|error| failed(error.into()))?;
    let properties: HashMap<&str, &str> =
        definition.properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut metadata =
        new_metadata(&schema, &definition.partition_by, properties).map_err(invalid)?;
    metadata = metadata.with_name(definition.name.clone()).map_err(invalid)?;
    if let Some(comment) = &definition.comment {
        metadata = metadata.with_description(comment.clone()).map_err(invalid)?;
    }
    let protocol: Protocol = serde_json::from_value(protocol(&definition.schema.table))
        .map_err(|error| CatalogError::invalid(error.to_string()))?;
    let operation = DeltaOperation::Create {
        mode,
        location: location.clone(),
        protocol: protocol.clone(),
        metadata: metadata.clone(),
    };
    Ok((vec![Action::Protocol(protocol), Action::Metadata(metadata)], operation))
}

/// Returns the oldest protocol that knows the types of a schema.
fn protocol(schema: &Schema) -> Value {
    if schema.fields().iter().any(|field| has_local_time(field.data_type())) {
        return json!({
            "minReaderVersion": 3,
            "minWriterVersion": 7,
            "readerFeatures": ["timestampNtz"],
            "writerFeatures": ["timestampNtz"],
        });
    }
    json!({ "minReaderVersion": 1, "minWriterVersion": 2 })
}

fn has_local_time(data_type: &DataType) -> bool {
    match data_type {
        DataType::Timestamp(_, None) => true,
        DataType::List(item) | DataType::Map(item, _) => has_local_time(item.data_type()),
        DataType::Struct(fields) => fields.iter().any(|field| has_local_time(field.data_type())),
        _ => false,
    }
}
