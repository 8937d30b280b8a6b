//! Tables that are directories of GeoParquet files: each version is a directory of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::CastOptions;
use arrow::datatypes::{DataType, Schema, SchemaRef};
use chrono::Utc;
use datafusion::catalog::Session;
use datafusion::common::runtime::SpawnedTask;
use datafusion::datasource::TableProvider;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt as _;
use godwit_formats::encode::{EncodeOptions, Encoding};
use godwit_formats::{Compression, FormatOptions};
use godwit_geometry::{GeometryType, check_column_crs};
use uuid::Uuid;

use crate::copy::{Recipe, write_directory};
use crate::files::VisibleColumns;
use crate::location::Location;
use crate::metastore::{PendingWrite, Published, WriteKind};
use crate::name::key;
use crate::recovery::WriteGuard;
use crate::{
    Catalog, CatalogError, CreateMode, Entry, EntryKind, ExternalTable, GeoParquetTable, TableName,
    TableSpec, Written,
};

/// The name of the format.
const GEOPARQUET: &str = "GEOPARQUET";

impl Catalog {
    /// Returns the files of a table, without the columns that only help to skip them.
    pub(crate) async fn open_geoparquet(
        &self,
        session: &dyn Session,
        table: &GeoParquetTable,
    ) -> Result<Arc<dyn TableProvider>, CatalogError> {
        let files = ExternalTable {
            format: Some(GEOPARQUET.to_owned()),
            location: table.location.clone(),
            partition_columns: table.partition_columns.clone(),
            options: FormatOptions::new(),
        };
        let files = self.open_external(session, &files).await?;
        let schema = files.schema();
        let mut columns = Vec::with_capacity(table.columns.len());
        for name in &table.columns {
            let column = schema.index_of(name).map_err(DataFusionError::from)?;
            columns.push(column);
        }
        Ok(Arc::new(VisibleColumns::try_new(files, &columns)?))
    }

    /// Makes a directory of GeoParquet files and puts it under its name.
    pub(crate) async fn create_geoparquet(
        &self,
        name: &TableName,
        spec: &TableSpec,
        mode: CreateMode,
        schema: SchemaRef,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        let (id, created_at) = match self.entry(name) {
            Some(Entry { id, created_at, kind: EntryKind::GeoParquet(_), .. }) => (id, created_at),
            _ => (Uuid::now_v7(), Utc::now()),
        };
        let write = Uuid::now_v7();
        let location = match &spec.location {
            None => self.version_location(id, write)?,
            Some(location) => {
                let location = self.table_location(location)?;
                self.check_empty(&location).await?;
                location
            }
        };
        let schema = plain(&schema);
        let streams = streams.into_iter().map(|stream| conform(stream, &schema)).collect();
        let mut partition_columns = Vec::with_capacity(spec.partition_by.len());
        for column in &spec.partition_by {
            let field = schema.fields().iter().find(|field| key(field.name()) == key(column));
            let field = field.ok_or_else(|| {
                CatalogError::invalid(format!(
                    "partition column \"{column}\" is not a column of the query"
                ))
            })?;
            partition_columns.push((field.name().clone(), Some(value_type(field.data_type()))));
        }
        let table = GeoParquetTable {
            location: location.url.to_string(),
            managed: spec.location.is_none(),
            partition_columns,
            columns: schema.fields().iter().map(|field| field.name().clone()).collect(),
        };
        let entry = Entry {
            name: name.clone(),
            id,
            kind: EntryKind::GeoParquet(table),
            comment: spec.comment.clone(),
            created_at,
        };
        let guard = self.begin_directory(write, &location).await?;
        let made = async {
            let written =
                self.write_geoparquet(&location, &spec.partition_by, &schema, streams).await?;
            let published = self
                .inner
                .metastore
                .change(move |store| store.publish(entry, mode, Some(write)))
                .await?;
            Ok(matches!(published, Published::Done).then_some(written))
        };
        let made = Box::pin(made).await;
        guard.end_published(made).await
    }

    /// Makes the next version of a directory: with the old files linked into it, or without.
    pub(crate) async fn insert_geoparquet(
        &self,
        entry: &Entry,
        table: &GeoParquetTable,
        overwrite: bool,
        schema: SchemaRef,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        if !table.managed {
            return Err(CatalogError::Unsupported {
                reason: format!(
                    "INSERT into the GeoParquet table \"{}\" with a LOCATION",
                    entry.name
                ),
            });
        }
        let runtime = Arc::clone(&self.inner.runtime);
        let session = SessionContext::new_with_config_rt(SessionConfig::new(), runtime).state();
        let shape = plain(&Box::pin(self.provider(&session, entry)).await?.schema());
        check_rows(&shape, &schema)?;
        let streams: Vec<SendableRecordBatchStream> =
            streams.into_iter().map(|stream| conform(stream, &shape)).collect();

        let write = Uuid::now_v7();
        let location = self.version_location(entry.id, write)?;
        let guard = self.begin_directory(write, &location).await?;
        let made = async {
            let columns: Vec<String> =
                table.partition_columns.iter().map(|(name, _)| name.clone()).collect();
            let written = self.write_geoparquet(&location, &columns, &shape, streams).await?;
            let gate = self.inner.gate(entry.id);
            let _open = gate.lock().await;
            let now = self.entry(&entry.name).filter(|now| now.id == entry.id);
            let Some(Entry { kind: EntryKind::GeoParquet(current), .. }) = &now else {
                return Err(CatalogError::TableNotFound { name: entry.name.clone() });
            };
            if !overwrite {
                link_files(&current.location, &location, write).await?;
            }
            let next = GeoParquetTable { location: location.url.to_string(), ..current.clone() };
            let next = Entry { kind: EntryKind::GeoParquet(next), ..entry.clone() };
            let publish = move |store: &crate::metastore::Metastore| {
                store.publish(next, CreateMode::Replace, Some(write))
            };
            self.inner.metastore.change(publish).await?;
            Ok(Some(written))
        };
        let made = Box::pin(made).await;
        guard.end_published(made).await
    }

    fn version_location(&self, table: Uuid, write: Uuid) -> Result<Location, CatalogError> {
        let table = self.managed_location(table)?;
        let url = table.url.join(&format!("{}/", write.simple())).map_err(|error| {
            CatalogError::InvalidLocation {
                location: table.text.clone(),
                reason: error.to_string(),
            }
        })?;
        Ok(Location::from_url(url))
    }

    async fn begin_directory(
        &self,
        write: Uuid,
        location: &Location,
    ) -> Result<WriteGuard, CatalogError> {
        let location = location.url.to_string();
        let pending = PendingWrite { id: write, kind: WriteKind::Directory, location };
        WriteGuard::begin(self, pending).await
    }

    async fn write_geoparquet(
        &self,
        location: &Location,
        partition_by: &[String],
        schema: &SchemaRef,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Written, CatalogError> {
        let (encoding, options, _) =
            EncodeOptions::from_format_options(GEOPARQUET, &FormatOptions::new())?;
        debug_assert_eq!(encoding, Encoding::Parquet);
        let recipe = Recipe { encoding, options, compression: Compression::None };
        let store = self.inner.stores.store(location)?;
        Box::pin(write_directory(store, location, &recipe, partition_by, schema, streams)).await
    }
}

/// Returns the type of the values of a column, as a directory's name can give them back.
fn value_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Dictionary(_, value) => value_type(value),
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        other => other.clone(),
    }
}

/// Returns the schema without views, which the files of a table must not differ in.
fn plain(schema: &SchemaRef) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| match field.data_type() {
        DataType::Utf8View => field.as_ref().clone().with_data_type(DataType::Utf8),
        DataType::BinaryView => field.as_ref().clone().with_data_type(DataType::Binary),
        _ => field.as_ref().clone(),
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn check_rows(table: &SchemaRef, rows: &SchemaRef) -> Result<(), CatalogError> {
    let (wanted, given) = (table.fields().len(), rows.fields().len());
    if wanted != given {
        return Err(CatalogError::SchemaMismatch {
            reason: format!("they have {given} columns, the table has {wanted}"),
        });
    }
    for (field, given) in table.fields().iter().zip(rows.fields()) {
        if let (Some(stored), Some(given)) =
            (GeometryType::from_field(field)?, GeometryType::from_field(given)?)
        {
            check_column_crs(given.crs.as_ref(), stored.crs.as_ref())?;
        }
    }
    Ok(())
}

/// Returns the stream with the names and types of a table.
fn conform(stream: SendableRecordBatchStream, shape: &SchemaRef) -> SendableRecordBatchStream {
    const OPTIONS: CastOptions<'static> =
        CastOptions { safe: false, format_options: arrow::util::display::FormatOptions::new() };
    let schema = Arc::clone(shape);
    let rows = stream.map(move |batch| {
        let batch = batch?;
        let columns = batch.columns().iter().zip(schema.fields()).map(|(column, field)| {
            arrow::compute::cast_with_options(column, field.data_type(), &OPTIONS)
        });
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        Ok(RecordBatch::try_new(Arc::clone(&schema), columns)?)
    });
    Box::pin(RecordBatchStreamAdapter::new(Arc::clone(shape), rows))
}

/// Links the files of a version into another, under names of their own.
async fn link_files(from: &str, to: &Location, write: Uuid) -> Result<(), CatalogError> {
    let from = Location::parse(from)?.into_directory();
    let (Some(from), Some(to)) = (from.local_path(), to.local_path()) else {
        return Err(CatalogError::Unsupported {
            reason: "INSERT into a GeoParquet table in an object store".to_owned(),
        });
    };
    let text = to.to_string_lossy().into_owned();
    let linked =
        SpawnedTask::spawn_blocking(move || link_below(&from, &to, &write.simple().to_string()));
    linked
        .await
        .map_err(|_lost| CatalogError::TaskLost)?
        .map_err(|error| CatalogError::io(text, error))
}

fn link_below(from: &Path, to: &Path, prefix: &str) -> std::io::Result<()> {
    let mut pending: Vec<(PathBuf, PathBuf)> = vec![(from.to_owned(), to.to_owned())];
    while let Some((from, to)) = pending.pop() {
        std::fs::create_dir_all(&to)?;
        for entry in std::fs::read_dir(from)? {
            let entry = entry?;
            let name = entry.file_name();
            if entry.file_type()?.is_dir() {
                pending.push((entry.path(), to.join(name)));
            } else {
                let name = format!("{prefix}-{}", name.to_string_lossy());
                std::fs::hard_link(entry.path(), to.join(name))?;
            }
        }
    }
    Ok(())
}
