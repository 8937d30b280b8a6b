//! The files of one version of a Delta table, with what the log knows about them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema};
use chrono::DateTime;
use datafusion::common::ScalarValue;
use deltalake_core::DeltaTable;
use deltalake_core::kernel::StorageType;
use deltalake_core::kernel::engine::arrow_conversion::TryIntoArrow as _;
use futures::TryStreamExt as _;
use godwit_formats::FileExtents;
use godwit_geometry::{Edges, Extent, GeometryType};
use object_store::ObjectMeta;
use object_store::path::Path;
use parking_lot::Mutex;

use super::scalar::{FileStatistics, partition_value};
use super::schema::without_key;
use super::tail::Tail;
use super::{StoredSchema, TableVersion};
use crate::CatalogError;
use crate::files::{DataFile, partition_statistics};
use crate::location::{Location, Stores, is_below};
use crate::writer::is_own_file;

/// How many tables are remembered.
const CACHED_TABLES: usize = 256;

/// The reader features that plain Parquet scans honour.
const PLAIN_FEATURES: [&str; 5] = [
    "timestampNtz",
    "v2Checkpoint",
    "vacuumProtocolCheck",
    // Only as long as no file has one.
    "deletionVectors",
    // Only as long as no column is mapped.
    "columnMapping",
];

/// One version of a Delta table.
#[derive(Debug)]
pub(crate) struct TableSnapshot {
    /// The table as the Delta library sees it.
    pub(crate) table: DeltaTable,
    /// The version.
    pub(crate) version: i64,
    /// The columns.
    pub(crate) schema: StoredSchema,
    /// The columns that are not in the files, in the order of the log.
    pub(crate) partition_by: Vec<String>,
    /// The files, or none when only the Delta library can read them.
    pub(super) files: Option<Arc<[DataFile]>>,
    /// The columns of the files as they are read.
    pub(super) file_fields: Fields,
    /// The partition columns as they are read.
    pub(super) partition_fields: Fields,
    /// The file that tells the log from another one in its place, when it is known.
    mark: Option<ObjectMeta>,
}

/// What the log of a table says about a version that was loaded from it.
enum Newest {
    /// It is the newest one.
    Same,
    /// There is a later one.
    Later(Box<TableSnapshot>),
    /// The table was made anew under the same name.
    Other,
}

/// The tables that were used last, so that an unchanged one costs one look at its log.
#[derive(Debug, Default)]
pub(crate) struct SnapshotCache {
    tables: Mutex<HashMap<(String, bool), Arc<TableSnapshot>>>,
}

impl SnapshotCache {
    /// Returns the newest version of the table at a directory, with views for text if asked for.
    pub(crate) async fn newest(
        &self,
        stores: &Stores,
        location: &Location,
        views: bool,
    ) -> Result<Arc<TableSnapshot>, CatalogError> {
        let key = (location.url.to_string(), views);
        let cached = self.tables.lock().get(&key).map(Arc::clone);
        if let Some(cached) = cached {
            match cached.at_newest(location, views).await? {
                Newest::Same => return Ok(cached),
                Newest::Later(later) => return Ok(self.insert(key, *later)),
                Newest::Other => self.tables.lock().remove(&key),
            };
        }
        let table = Box::pin(super::open(stores, location)).await?;
        let mut snapshot = TableSnapshot::load(table, location, views).await?;
        snapshot.mark = Tail::mark_of_loaded(&snapshot.table).await;
        Ok(self.insert(key, snapshot))
    }

    /// Forgets the table at a directory.
    pub(crate) fn forget(&self, url: &str) {
        self.tables.lock().retain(|(location, _), _| location != url);
    }

    fn insert(&self, key: (String, bool), snapshot: TableSnapshot) -> Arc<TableSnapshot> {
        let snapshot = Arc::new(snapshot);
        let mut tables = self.tables.lock();
        if tables.len() >= CACHED_TABLES {
            tables.clear();
        }
        tables.insert(key, Arc::clone(&snapshot));
        snapshot
    }
}

impl TableSnapshot {
    /// Returns the files of a loaded table.
    pub(crate) async fn load(
        table: DeltaTable,
        location: &Location,
        views: bool,
    ) -> Result<Self, CatalogError> {
        let failed = |error| CatalogError::delta(&location.text, error);
        let state = table.snapshot().map_err(failed)?;
        let schema: Schema =
            state.schema().as_ref().try_into_arrow().map_err(|error| failed(error.into()))?;
        let schema = StoredSchema::of_table(&schema);
        let partition_by = state.metadata().partition_columns().to_vec();
        let mut file_fields = Vec::new();
        for field in schema.table.fields() {
            if !partition_by.contains(field.name()) {
                let field = without_key(field);
                file_fields.push(if views { with_views(field) } else { field });
            }
        }
        let partition_fields: Fields = partition_by
            .iter()
            .filter_map(|name| schema.table.field_with_name(name).ok())
            .map(|field| without_key(field).with_nullable(true))
            .collect();
        let version = table.version().and_then(|version| i64::try_from(version).ok());
        let mut snapshot = Self {
            version: version.unwrap_or_default(),
            schema,
            partition_by,
            files: None,
            file_fields: file_fields.into(),
            partition_fields,
            mark: None,
            table,
        };
        if snapshot.is_plain() {
            snapshot.files = snapshot.plain_files(location).await?.map(Arc::from);
        }
        if snapshot.files.is_none() {
            snapshot.check_inside(location).await?;
        }
        Ok(snapshot)
    }

    /// Looks whether the log is still the one that was read, and how far it has got.
    ///
    /// An unchanged table costs one listing of the end of its log.
    async fn at_newest(&self, location: &Location, views: bool) -> Result<Newest, CatalogError> {
        let Ok(tail) = Tail::list(&self.table.log_store(), self.version).await else {
            return Ok(Newest::Other);
        };
        if self.mark.is_none() || tail.mark(self.version) != self.mark.as_ref() {
            return Ok(Newest::Other);
        }
        if tail.newest() == Some(self.version) {
            return Ok(Newest::Same);
        }
        let mut table = self.table.clone();
        if Box::pin(table.update_state()).await.is_err()
            || Self::id(&table) != Self::id(&self.table)
        {
            return Ok(Newest::Other);
        }
        let mark = match tail.mark_of(&table) {
            // A commit may have come between the listing and what was read.
            None => Tail::mark_of_loaded(&table).await,
            known => known,
        };
        let later = Self { mark, ..Self::load(table, location, views).await? };
        Ok(Newest::Later(Box::new(later)))
    }

    /// Returns which version it is, and of which table.
    pub(crate) fn table_version(&self) -> TableVersion {
        let table = Self::id(&self.table).unwrap_or_default().into();
        TableVersion { number: self.version, table }
    }

    /// Returns what a table is called by its log, whatever its place.
    fn id(table: &DeltaTable) -> Option<&str> {
        Some(table.snapshot().ok()?.metadata().id())
    }

    /// Returns the text of the schema, which tells whether another writer changed it.
    pub(crate) fn schema_text(table: &DeltaTable) -> Option<String> {
        Some(table.snapshot().ok()?.metadata().schema_string().clone())
    }

    fn is_plain(&self) -> bool {
        let Ok(state) = self.table.snapshot() else {
            return false;
        };
        let configuration = state.metadata().configuration();
        if configuration.get("delta.columnMapping.mode").is_some_and(|mode| mode != "none") {
            return false;
        }
        let features = features(state.protocol(), "readerFeatures");
        features.iter().all(|feature| PLAIN_FEATURES.contains(&feature.as_str()))
    }

    /// Returns the files, unless one of them needs more than a Parquet scan.
    async fn plain_files(
        &self,
        location: &Location,
    ) -> Result<Option<Vec<DataFile>>, CatalogError> {
        let failed = |error| CatalogError::delta(&location.text, error);
        let root = location.path()?;
        let state = self.table.snapshot().map_err(failed)?;
        let extents = self.extent_columns()?;
        let log_store = self.table.log_store();
        let mut views = state.snapshot().file_views(log_store.as_ref(), None);
        let mut files = Vec::new();
        while let Some(view) = views.try_next().await.map_err(failed)? {
            let path = view.path();
            if view.deletion_vector_descriptor().is_some() || path.contains("://") {
                return Ok(None);
            }
            let mut parts: Vec<_> = root.parts().collect();
            let relative = view.object_store_path();
            parts.extend(relative.parts());
            let size = u64::try_from(view.size()).unwrap_or(0);
            let text = view.stats();
            let statistics = text.as_deref().map(FileStatistics::parse).unwrap_or_default();
            let Some(partition_values) = self.partition_values(&view.partition_values_map()) else {
                return Ok(None);
            };
            let mut known = statistics.columns(&self.file_fields, size);
            for value in &partition_values {
                known.column_statistics.push(partition_statistics(value, known.num_rows));
            }
            let extents = extents.iter().filter_map(|(column, boxes)| {
                let extent = statistics.extent(boxes, is_own_file(path.as_ref()));
                (extent != Extent::Unknown).then(|| (column.clone(), extent))
            });
            files.push(DataFile {
                meta: ObjectMeta {
                    location: Path::from_iter(parts),
                    last_modified: DateTime::from_timestamp_millis(view.modification_time())
                        .unwrap_or_default(),
                    size,
                    e_tag: None,
                    version: None,
                },
                partition_values,
                statistics: Some(Arc::new(known)),
                extents: FileExtents(extents.collect()),
            });
        }
        Ok(Some(files))
    }

    /// Refuses a log that names files outside of the table's directory.
    ///
    /// The Delta library would read them wherever they are, also where whoever named the table, or
    /// wrote its log, may not read.
    async fn check_inside(&self, location: &Location) -> Result<(), CatalogError> {
        let failed = |error| CatalogError::delta(&location.text, error);
        let root = location.clone().into_directory().url;
        let state = self.table.snapshot().map_err(failed)?;
        let log_store = self.table.log_store();
        let mut views = state.snapshot().file_views(log_store.as_ref(), None);
        while let Some(view) = views.try_next().await.map_err(failed)? {
            let vector = view.deletion_vector_descriptor();
            let vector = vector.filter(|vector| vector.storage_type == StorageType::AbsolutePath);
            let vector = vector.map(|vector| vector.path_or_inline_dv);
            for path in [Some(view.path().into_owned()), vector].into_iter().flatten() {
                if !root.join(&path).is_ok_and(|url| is_below(&url, &root)) {
                    let reason = format!(
                        "the log of the Delta table \"{}\" names the file \"{path}\", which is \
                         not below the table",
                        location.text
                    );
                    return Err(CatalogError::Unsupported { reason });
                }
            }
        }
        Ok(())
    }

    fn partition_values(
        &self,
        texts: &HashMap<String, Option<String>>,
    ) -> Option<Vec<ScalarValue>> {
        let values = self.partition_fields.iter().map(|field| {
            let text = texts.get(field.name()).and_then(Option::as_deref);
            partition_value(text, field.data_type())
        });
        values.collect()
    }

    /// Returns the geometry columns whose boxes bound them, with the columns of the boxes.
    fn extent_columns(&self) -> Result<Vec<(String, FieldRef)>, CatalogError> {
        let mut columns = Vec::new();
        for (geometry, boxes) in &self.schema.bounds {
            let field = self.schema.table.field(*geometry);
            // An edge along a great circle leaves the box of its ends.
            if GeometryType::from_field(field)?.is_some_and(|kind| kind.edges == Edges::Planar) {
                let boxes = Arc::new(self.schema.table.field(*boxes).clone());
                columns.push((field.name().clone(), boxes));
            }
        }
        Ok(columns)
    }
}

/// Returns the features that a protocol lists.
pub(crate) fn features(protocol: &deltalake_core::kernel::Protocol, list: &str) -> HashSet<String> {
    let protocol = serde_json::to_value(protocol).unwrap_or_default();
    let features = protocol.get(list).and_then(|features| features.as_array()).cloned();
    features
        .unwrap_or_default()
        .iter()
        .filter_map(|feature| feature.as_str().map(str::to_owned))
        .collect()
}

/// Returns the field with views in place of text and bytes, which Parquet reads without copying.
fn with_views(field: Field) -> Field {
    match field.data_type() {
        DataType::Utf8 => field.with_data_type(DataType::Utf8View),
        DataType::Binary => field.with_data_type(DataType::BinaryView),
        _ => field,
    }
}
