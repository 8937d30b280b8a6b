//! Tables from the rows of a query: written first, visible at once or not at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use chrono::Utc;
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt as _;
use url::Url;
use uuid::Uuid;

use crate::delta::{self, Change, Definition, StoredSchema};
use crate::location::Location;
use crate::metastore::{PendingWrite, Published, WriteKind};
use crate::recovery::WriteGuard;
use crate::writer::{self, Target, WrittenFiles};
use crate::{
    Catalog, CatalogError, CreateMode, DeltaTable, Entry, EntryKind, TableFormat, TableName,
    TableSpec, Written,
};

/// The size of a full data file, unless the table has another.
const FILE_BYTES: usize = 128 * 1024 * 1024;
/// The property for the size of a full data file.
const FILE_BYTES_PROPERTY: &str = "delta.targetFileSize";

impl Catalog {
    /// Makes a table from the rows of all streams, which run in parallel.
    ///
    /// Nothing is visible before all rows are written. With [`CreateMode::Replace`] a Delta table
    /// gets a new version in its place. After an error, after a kill, or when the future is
    /// dropped, the table is what it was. With [`CreateMode::IfNotExists`] and a table of the name
    /// nothing is read or written.
    pub async fn create_table(
        &self,
        name: &TableName,
        spec: &TableSpec,
        mode: CreateMode,
        schema: SchemaRef,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        if !self.must_make(name, mode)? {
            return Ok(Written::default());
        }
        if self.entry(name).is_some_and(|old| old.is_view()) {
            return Err(CatalogError::WrongKind {
                name: name.clone(),
                found: "view",
                expected: "table",
            });
        }
        match spec.format {
            TableFormat::Delta => {
                Box::pin(self.create_delta(name, spec, mode, &schema, streams)).await
            }
            TableFormat::GeoParquet => {
                Box::pin(self.create_geoparquet(name, spec, mode, schema, streams)).await
            }
        }
    }

    async fn create_delta(
        &self,
        name: &TableName,
        spec: &TableSpec,
        mode: CreateMode,
        schema: &SchemaRef,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        let schema = StoredSchema::for_rows(schema, spec.is_declared)?;
        let partition_by = schema.partition_columns(&spec.partition_by)?;
        check_properties(&spec.properties)?;
        let file_bytes = file_bytes(&spec.properties)?;
        let place = self.place_for(name, spec).await?;
        let definition = Definition {
            schema: schema.clone(),
            partition_by: partition_by.clone(),
            name: name.table.clone(),
            comment: spec.comment.clone(),
            properties: spec.properties.clone().into_iter().collect(),
        };
        let write = Uuid::now_v7();
        let kind = match place.base_version {
            None if place.is_managed => WriteKind::Directory,
            base_version => WriteKind::Delta { base_version },
        };
        let pending = PendingWrite { id: write, kind, location: place.location.url.to_string() };
        let mut guard = WriteGuard::begin(self, pending).await?;
        let made = async {
            let target = self.target(&place.location, write, schema, partition_by, file_bytes)?;
            guard.wait_for(&target);
            let files = Box::pin(writer::write(target, streams)).await?;
            let change = match place.base_version {
                None => Change::Create(definition),
                Some(_) => Change::Replace(definition),
            };
            let entry = Entry {
                name: name.clone(),
                id: place.id,
                kind: EntryKind::Delta(DeltaTable {
                    location: place.location.url.to_string(),
                    managed: place.is_managed,
                }),
                comment: spec.comment.clone(),
                created_at: place.created_at.unwrap_or_else(Utc::now),
            };
            self.commit_table(&place, entry, mode, change, files, write).await
        };
        let made = Box::pin(made).await;
        guard.end_published(made).await
    }

    /// Commits the files of a new table or version, then puts the table under its name.
    #[expect(clippy::too_many_arguments, reason = "each is a part of the commit")]
    async fn commit_table(
        &self,
        place: &Place,
        entry: Entry,
        mode: CreateMode,
        change: Change,
        files: WrittenFiles,
        write: Uuid,
    ) -> Result<Option<Written>, CatalogError> {
        let gate = self.inner.gate(place.id);
        let _open = gate.lock().await;
        let is_replaced = place.base_version.is_some() && place.created_at.is_some();
        if is_replaced && self.entry(&entry.name).is_none_or(|now| now.id != place.id) {
            return Err(CatalogError::TableNotFound { name: entry.name });
        }
        let written = files.summary();
        let log = delta::log_store(&self.inner.stores, &place.location)?;
        let base = place.base_version;
        let version = Box::pin(delta::commit(&log, change, files.adds, write, base)).await?;
        let published = self
            .inner
            .metastore
            .change(move |store| store.publish(entry, mode, Some(write)))
            .await?;
        let written = Written { version: Some(version), ..written };
        Ok(matches!(published, Published::Done).then_some(written))
    }

    /// Returns where a Delta table goes: over the one it replaces, to its own location, or into
    /// the data directory.
    async fn place_for(&self, name: &TableName, spec: &TableSpec) -> Result<Place, CatalogError> {
        let old = self.entry(name);
        let wanted = match &spec.location {
            Some(location) => Some(self.table_location(location)?),
            None => None,
        };
        if let Some(Entry { id, kind: EntryKind::Delta(table), created_at, .. }) = old {
            let stays = wanted.as_ref().is_none_or(|wanted| wanted.url.as_str() == table.location);
            if stays {
                let location = Location::parse(&table.location)?.into_directory();
                let base = Box::pin(delta::open(&self.inner.stores, &location)).await?;
                let base_version = base.version().and_then(|version| i64::try_from(version).ok());
                return Ok(Place {
                    location,
                    id,
                    is_managed: table.managed,
                    base_version,
                    created_at: Some(created_at),
                });
            }
        }
        let id = Uuid::now_v7();
        let Some(location) = wanted else {
            return Ok(Place {
                location: self.managed_location(id)?,
                id,
                is_managed: true,
                base_version: None,
                created_at: None,
            });
        };
        self.check_empty(&location).await?;
        Ok(Place { location, id, is_managed: false, base_version: None, created_at: None })
    }

    /// Returns a directory of the data directory for a new table.
    pub(crate) fn managed_location(&self, id: Uuid) -> Result<Location, CatalogError> {
        let path = self.inner.data_directory.join("tables").join(id.to_string());
        let url = Url::from_directory_path(&path)
            .map_err(|()| CatalogError::invalid(format!("\"{}\" is not a path", path.display())))?;
        Ok(Location::from_url(url))
    }

    /// Returns the directory that a user gave a table, which is not in the data directory.
    pub(crate) fn table_location(&self, text: &str) -> Result<Location, CatalogError> {
        let location = Location::parse(text)?;
        if location.is_collection() && !location.is_directory() {
            return Err(CatalogError::InvalidLocation {
                location: text.to_owned(),
                reason: "a table needs a directory, not a pattern".to_owned(),
            });
        }
        if matches!(location.url.scheme(), "http" | "https") {
            return Err(CatalogError::InvalidLocation {
                location: text.to_owned(),
                reason: "web servers cannot be written to".to_owned(),
            });
        }
        self.inner.rules.check_target(&location)?;
        Ok(location.into_directory())
    }

    /// Checks that a location holds nothing yet.
    pub(crate) async fn check_empty(&self, location: &Location) -> Result<(), CatalogError> {
        let store = self.inner.stores.store(location)?;
        let mut files = store.list(Some(&location.path()?));
        match files.next().await {
            None | Some(Err(object_store::Error::NotFound { .. })) => Ok(()),
            Some(Ok(_)) => Err(CatalogError::InvalidLocation {
                location: location.text.clone(),
                reason: "there are files already".to_owned(),
            }),
            Some(Err(error)) => Err(CatalogError::storage(&location.text, error)),
        }
    }

    pub(crate) fn target(
        &self,
        location: &Location,
        write: Uuid,
        schema: StoredSchema,
        partition_by: Vec<String>,
        file_bytes: usize,
    ) -> Result<Arc<Target>, CatalogError> {
        let log = delta::log_store(&self.inner.stores, location)?;
        let is_local = location.url.scheme() == "file";
        Ok(Arc::new(Target {
            location: location.text.clone(),
            store: log.object_store(None),
            write,
            schema,
            partition_by,
            file_bytes,
            part_bytes: if is_local { 1024 * 1024 } else { 8 * 1024 * 1024 },
            memory: Arc::clone(&self.inner.runtime.memory_pool),
        }))
    }
}

/// Where a new table or version goes.
struct Place {
    location: Location,
    id: Uuid,
    is_managed: bool,
    /// The version that is there, if there is a table.
    base_version: Option<i64>,
    /// When the entry that is replaced was made.
    created_at: Option<chrono::DateTime<Utc>>,
}

/// Returns the size of a full data file.
pub(crate) fn file_bytes(properties: &BTreeMap<String, String>) -> Result<usize, CatalogError> {
    let Some(text) = properties.get(FILE_BYTES_PROPERTY) else {
        return Ok(FILE_BYTES);
    };
    match text.parse() {
        Ok(bytes @ 1..) => Ok(bytes),
        _ => Err(CatalogError::invalid(format!(
            "property \"{FILE_BYTES_PROPERTY}\" takes a number of bytes, not \"{text}\""
        ))),
    }
}

/// Refuses properties that ask writers for more than this one does.
fn check_properties(properties: &BTreeMap<String, String>) -> Result<(), CatalogError> {
    const REFUSED: [&str; 8] = [
        "delta.columnMapping.",
        "delta.constraints.",
        "delta.enableChangeDataFeed",
        "delta.enableDeletionVectors",
        "delta.enableInCommitTimestamps",
        "delta.enableRowTracking",
        "delta.feature.",
        "delta.min",
    ];
    for (name, value) in properties {
        let is_off = value.eq_ignore_ascii_case("false") || value.eq_ignore_ascii_case("none");
        if !is_off && REFUSED.iter().any(|refused| name.starts_with(refused)) {
            return Err(CatalogError::Unsupported { reason: format!("table property \"{name}\"") });
        }
    }
    Ok(())
}
