//! More rows for a table, or other rows in the place of what it has.

use std::collections::HashSet;

use arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;
use deltalake_core::DeltaTable;
use uuid::Uuid;

use crate::create::file_bytes;
use crate::delta::{self, Change, Rewrite, TableSnapshot};
use crate::location::Location;
use crate::metastore::{PendingWrite, WriteKind};
use crate::open::delta_location;
use crate::recovery::WriteGuard;
use crate::writer::{self, WrittenFiles};
use crate::{Catalog, CatalogError, Entry, EntryKind, Written};

/// The writer features of other people's tables whose demands an insert meets, given the checks
/// of [`check_writable`].
const KNOWN_FEATURES: [&str; 12] = [
    "appendOnly",
    "invariants",
    "checkConstraints",
    "changeDataFeed",
    "generatedColumns",
    "timestampNtz",
    "deletionVectors",
    "columnMapping",
    "v2Checkpoint",
    "vacuumProtocolCheck",
    "domainMetadata",
    "clustering",
];

/// Nobody else on this server commits to the table while this lives.
#[derive(Debug)]
pub struct Held {
    _gate: tokio::sync::OwnedMutexGuard<()>,
}

/// What becomes of the rows that a table has.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Old {
    Stay,
    Go,
    /// They go, if they are still those of the version.
    WrittenAnew(Rewrite),
}

/// The version of a Delta table that rows are written for.
struct Base<'a> {
    table: DeltaTable,
    location: &'a Location,
    version: i64,
}

impl Catalog {
    /// Adds the rows of all streams to a table, or puts them in the place of its rows.
    ///
    /// The columns of the rows are those of the table, in order, whatever their names. All rows
    /// become visible in one version or not at all.
    pub async fn insert(
        &self,
        entry: &Entry,
        overwrite: bool,
        schema: SchemaRef,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        if let EntryKind::GeoParquet(table) = &entry.kind {
            return Box::pin(self.insert_geoparquet(entry, table, overwrite, schema, streams))
                .await;
        }
        let Some(location) = delta_location(entry)? else {
            let reason = if entry.is_view() {
                return Err(CatalogError::WrongKind {
                    name: entry.name.clone(),
                    found: "view",
                    expected: "table",
                });
            } else {
                format!("INSERT into \"{}\", whose files are somebody else's", entry.name)
            };
            return Err(CatalogError::Unsupported { reason });
        };
        let old = if overwrite { Old::Go } else { Old::Stay };
        Box::pin(self.insert_delta(entry, &location, old, &schema, streams)).await
    }

    /// Puts the rows of all streams in the place of those of one version of a Delta table, from
    /// which they were computed. When the table has a newer version by then, or is another one in
    /// the same place, nothing happens and the error is [`CatalogError::Conflict`].
    pub async fn rewrite(
        &self,
        entry: &Entry,
        rewrite: Rewrite,
        schema: SchemaRef,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        let Some(location) = delta_location(entry)? else {
            let what = if rewrite.is_delete { "DELETE from" } else { "UPDATE of" };
            let reason = format!("{what} \"{}\", which is no Delta table", entry.name);
            return Err(CatalogError::Unsupported { reason });
        };
        let old = Old::WrittenAnew(rewrite);
        Box::pin(self.insert_delta(entry, &location, old, &schema, streams)).await
    }

    /// Keeps other statements of this server from committing to a table until the answer is
    /// dropped.
    pub async fn hold(&self, entry: &Entry) -> Held {
        Held { _gate: self.inner.gate(entry.id).lock_owned().await }
    }

    async fn insert_delta(
        &self,
        entry: &Entry,
        location: &Location,
        old: Old,
        schema: &SchemaRef,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        let table = Box::pin(delta::open(&self.inner.stores, location)).await?;
        check_writable(location, &table, old != Old::Stay)?;
        let snapshot = TableSnapshot::load(table.clone(), location, false).await?;
        if let Old::WrittenAnew(rewrite) = &old
            && rewrite.base != snapshot.table_version()
        {
            return Err(CatalogError::Conflict { location: location.text.clone() });
        }
        snapshot.schema.check_rows(schema)?;
        let file_bytes = file_bytes_of(location, &table)?;

        let write = Uuid::now_v7();
        let kind = WriteKind::Delta { base_version: Some(snapshot.version) };
        let pending = PendingWrite { id: write, kind, location: location.url.to_string() };
        let mut guard = WriteGuard::begin(self, pending).await?;
        let made = async {
            let partition_by = snapshot.partition_by.clone();
            let target =
                self.target(location, write, snapshot.schema.clone(), partition_by, file_bytes)?;
            guard.wait_for(&target);
            let files = Box::pin(writer::write(target, streams)).await?;
            let base = Base { table, location, version: snapshot.version };
            self.commit_rows(entry, base, old, files, write).await
        };
        let made = Box::pin(made).await;
        guard.end(made).await
    }

    /// Commits the files of an insert to the table that they were written for.
    async fn commit_rows(
        &self,
        entry: &Entry,
        base: Base<'_>,
        old: Old,
        files: WrittenFiles,
        write: Uuid,
    ) -> Result<Written, CatalogError> {
        let is_held = matches!(old, Old::WrittenAnew(Rewrite { is_held: true, .. }));
        let _open = if is_held { None } else { Some(self.hold(entry).await) };
        if self.entry(&entry.name).is_none_or(|now| now.id != entry.id) {
            return Err(CatalogError::TableNotFound { name: entry.name.clone() });
        }
        // Another server may have made the table anew, with as many versions.
        if let Old::WrittenAnew(rewrite) = &old
            && rewrite.base != Box::pin(self.version_at(base.location)).await?
        {
            return Err(CatalogError::Conflict { location: base.location.text.clone() });
        }
        let version = Some(base.version);
        let written = Written { version, ..files.summary() };
        if files.adds.is_empty() && old == Old::Stay {
            return Ok(written);
        }
        let log = base.table.log_store();
        let table = Box::new(base.table);
        let change = match old {
            Old::Stay => Change::Append(table),
            Old::Go => Change::Overwrite(table),
            Old::WrittenAnew(rewrite) => Change::Rewrite(table, rewrite),
        };
        let committed = delta::commit(&log, change, files.adds, write, version);
        let version = Some(Box::pin(committed).await?);
        Ok(Written { version, ..written })
    }
}

/// Returns how large the files of a table become, as its properties have it.
fn file_bytes_of(location: &Location, table: &DeltaTable) -> Result<usize, CatalogError> {
    let state = table.snapshot().map_err(|error| CatalogError::delta(&location.text, error))?;
    let properties = state.metadata().configuration().clone();
    file_bytes(&properties.into_iter().collect())
}

/// Checks that the table asks nothing of its writers that an insert does not do.
fn check_writable(
    location: &Location,
    table: &DeltaTable,
    overwrite: bool,
) -> Result<(), CatalogError> {
    let failed = |error| CatalogError::delta(&location.text, error);
    let state = table.snapshot().map_err(failed)?;
    let refused = |what: &str| {
        let reason = format!("INSERT into the Delta table '{}', which has {what}", location.text);
        Err(CatalogError::Unsupported { reason })
    };
    let known: HashSet<&str> = KNOWN_FEATURES.into();
    let features = delta::features(state.protocol(), "writerFeatures");
    if let Some(feature) = features.iter().find(|feature| !known.contains(feature.as_str())) {
        return refused(&format!("the feature \"{feature}\""));
    }
    let configuration = state.metadata().configuration();
    let is_on = |name: &str| configuration.get(name).is_some_and(|value| value == "true");
    if configuration.keys().any(|name| name.starts_with("delta.constraints.")) {
        return refused("constraints");
    }
    if configuration.get("delta.columnMapping.mode").is_some_and(|mode| mode != "none") {
        return refused("mapped column names");
    }
    if overwrite && is_on("delta.appendOnly") {
        return refused("the property \"delta.appendOnly\"");
    }
    let schema = state.metadata().schema_string();
    if schema.contains("\"delta.generationExpression\"") {
        return refused("generated columns");
    }
    if schema.contains("\"delta.invariants\"") {
        return refused("invariants");
    }
    Ok(())
}
