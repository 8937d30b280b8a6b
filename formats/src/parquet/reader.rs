//! Parquet for DataFusion: its own format, with geometries made visible in the schema.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::config::TableParquetOptions;
use datafusion::common::{Result, Statistics, internal_datafusion_err};
use datafusion::datasource::file_format::file_compression_type::FileCompressionType;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::file_format::{FileFormat, FileMeta};
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::datasource::physical_plan::parquet::{
    CachedParquetFileReaderFactory, ParquetFileReaderFactory,
};
use datafusion::datasource::physical_plan::{
    FileScanConfig, FileScanConfigBuilder, FileSource, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::DataFusionError;
use datafusion::physical_expr::LexOrdering;
use datafusion::physical_plan::ExecutionPlan;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use godwit_geometry::{Crs, GeometryError};
use object_store::{ObjectMeta, ObjectStore};
use parquet::arrow::parquet_to_arrow_schema;
use parquet::errors::ParquetError;

use crate::geoarrow::Shape;
use crate::merged::merged_schema;
use crate::parquet::adapter::NativeGeometryAdapterFactory;
use crate::parquet::geo::{GeoColumn, GeoMetadata};
use crate::parquet::only_file::OnlyFile;
use crate::parquet::prune::{Coverings, PagedReaders, SpatialParquetSource};
use crate::parquet::statistics::{as_in_file, as_in_table, without_nan};
use crate::parquet::vanished::WatchedReaders;
use crate::{FormatError, input};

/// Reads Parquet with its geometries.
#[derive(Debug, Default)]
pub(super) struct GeoParquetReader {
    inner: ParquetFormat,
    coverings: Coverings,
    only_file: OnlyFile,
}

impl GeoParquetReader {
    /// Returns the reader of files whose geometries have their boxes in other columns.
    pub(super) fn new(options: TableParquetOptions, coverings: BTreeMap<String, String>) -> Self {
        let inner = ParquetFormat::default().with_options(options);
        Self { inner, coverings: Arc::new(coverings), only_file: OnlyFile::default() }
    }

    /// Returns the columns of each file.
    async fn file_schemas(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        objects: &[ObjectMeta],
    ) -> Result<Vec<Schema>> {
        let width = state.config_options().execution.meta_fetch_concurrency.get();
        futures::stream::iter(objects)
            .map(|object| self.file_schema(state, store, object))
            .boxed()
            .buffered(width)
            .try_collect()
            .await
    }

    async fn file_schema(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        object: &ObjectMeta,
    ) -> Result<Schema> {
        let inferred = self.inner.infer_schema(state, store, std::slice::from_ref(object));
        match AssertUnwindSafe(inferred).catch_unwind().await {
            Ok(Ok(schema)) => Ok(schema.as_ref().clone()),
            Ok(Err(error)) => Err(unreadable(error, store, object).await),
            Err(_panic) => Err(broken_footer(store, object).await.into()),
        }
    }

    /// Returns the columns of a table with the types that one of its files has.
    async fn own_schema(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        table_schema: &SchemaRef,
        object: &ObjectMeta,
    ) -> Result<SchemaRef> {
        let file_schema = match self.only_file.schema(object) {
            Some(known) => known,
            None => self.inner.infer_schema(state, store, std::slice::from_ref(object)).await?,
        };
        let own = as_in_file(table_schema, &file_schema);
        Ok(own.map_or_else(|| Arc::clone(table_schema), Arc::new))
    }

    /// Returns the geometry columns of all files; they must agree on the reference system.
    async fn geometries(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        objects: &[ObjectMeta],
    ) -> Result<HashMap<String, GeoColumn>> {
        let cache = state.runtime_env().cache_manager.get_file_metadata_cache();
        let width = state.config_options().execution.meta_fetch_concurrency.get();
        let files: Vec<_> = futures::stream::iter(objects)
            .map(|object| {
                let cache = Arc::clone(&cache);
                async move {
                    let metadata = DFParquetMetadata::new(store.as_ref(), object)
                        .with_file_metadata_cache(Some(cache))
                        .fetch_metadata()
                        .await?;
                    let file = metadata.file_metadata();
                    let schema =
                        parquet_to_arrow_schema(file.schema_descr(), file.key_value_metadata())?;
                    Result::<_>::Ok((object, schema))
                }
            })
            .boxed()
            .buffered(width)
            .try_collect()
            .await?;
        let mut columns: HashMap<String, GeoColumn> = HashMap::new();
        for (object, schema) in files {
            if let Some(name) = repeated(&schema) {
                let path = input::shown_path(store, &object.location).await;
                let reason = format!(
                    "file \"{path}\" has two columns \"{name}\", of which one would be lost; \
                     write it with names that differ"
                );
                return Err(FormatError::Unsupported { reason }.into());
            }
            let metadata = match GeoMetadata::from_file(&schema) {
                Ok(metadata) => metadata,
                Err(error) => return Err(broken_geo(&error, store, object).await.into()),
            };
            for field in schema.fields() {
                let Some(column) = metadata.column(field.name()) else { continue };
                match columns.get(field.name()) {
                    Some(known) if known.geometry_type != column.geometry_type => {
                        let path = input::shown_path(store, &object.location).await;
                        return Err(disagreement(&path, field.name(), known, column).into());
                    }
                    Some(_) => {}
                    None => {
                        columns.insert(field.name().clone(), column.clone());
                    }
                }
            }
        }
        Ok(columns)
    }
}

/// Returns a name that two columns have.
fn repeated(schema: &Schema) -> Option<&str> {
    let mut seen: HashSet<&str> = HashSet::new();
    schema.fields().iter().map(|field| field.name().as_str()).find(|name| !seen.insert(*name))
}

/// Returns the columns of a file with its geometries as WKB.
fn as_shown(file: &Schema, geometries: &HashMap<String, GeoColumn>) -> Schema {
    let fields = file.fields().iter().map(|field| match geometries.get(field.name()) {
        Some(column) if holds_geometries(field.data_type(), column) => {
            let shown = Field::new(field.name(), DataType::BinaryView, field.is_nullable());
            Arc::new(column.geometry_type.annotate(shown))
        }
        _ => Arc::clone(field),
    });
    Schema::new(fields.collect::<Vec<_>>())
}

/// Returns whether a column of a type can hold geometries in some encoding.
fn holds_geometries(data_type: &DataType, column: &GeoColumn) -> bool {
    use DataType::{Binary, BinaryView, Dictionary, FixedSizeBinary, LargeBinary};
    match data_type {
        Dictionary(_, values) => holds_geometries(values, column),
        Binary | BinaryView | FixedSizeBinary(_) | LargeBinary => true,
        _ => data_type.is_nested() || (data_type.is_string() && column.shape == Some(Shape::Wkt)),
    }
}

fn disagreement(path: &str, name: &str, left: &GeoColumn, right: &GeoColumn) -> FormatError {
    let crs = |column: &GeoColumn| {
        column
            .geometry_type
            .crs
            .as_ref()
            .map_or_else(|| "no reference system".to_owned(), Crs::name)
    };
    FormatError::Unsupported {
        reason: format!(
            "column \"{name}\" of file \"{path}\" has {}, in the files before it {}",
            crs(right),
            crs(left)
        ),
    }
}

/// The footer reader of `parquet` 59 panics on some lengths that do not fit the file.
async fn broken_footer(store: &Arc<dyn ObjectStore>, object: &ObjectMeta) -> FormatError {
    FormatError::Malformed {
        path: input::shown_path(store, &object.location).await,
        offset: object.size.saturating_sub(8),
        reason: "the Parquet footer does not fit the file".to_owned(),
    }
}

/// Returns the error of a file whose footer is refused, with the name of the file.
async fn unreadable(
    error: DataFusionError,
    store: &Arc<dyn ObjectStore>,
    object: &ObjectMeta,
) -> DataFusionError {
    let reason = match &error {
        DataFusionError::ParquetError(refused) => match refused.as_ref() {
            ParquetError::General(reason) | ParquetError::EOF(reason) => reason.clone(),
            _ => return error,
        },
        _ => return error,
    };
    let path = input::shown_path(store, &object.location).await;
    let reason = format!("it is not readable as Parquet: {reason}");
    FormatError::Malformed { path, offset: object.size.saturating_sub(8), reason }.into()
}

/// Returns the error of a file that describes its geometries wrongly.
async fn broken_geo(
    error: &GeometryError,
    store: &Arc<dyn ObjectStore>,
    object: &ObjectMeta,
) -> FormatError {
    FormatError::Malformed {
        path: input::shown_path(store, &object.location).await,
        offset: object.size.saturating_sub(8),
        reason: error.to_string(),
    }
}

#[async_trait]
impl FileFormat for GeoParquetReader {
    fn get_ext(&self) -> String {
        self.inner.get_ext()
    }

    fn get_ext_with_compression(&self, compression: &FileCompressionType) -> Result<String> {
        self.inner.get_ext_with_compression(compression)
    }

    fn compression_type(&self) -> Option<FileCompressionType> {
        self.inner.compression_type()
    }

    async fn infer_schema(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        objects: &[ObjectMeta],
    ) -> Result<SchemaRef> {
        let schemas = self.file_schemas(state, store, objects).await?;
        self.only_file.note(objects, &schemas);
        let geometries = self.geometries(state, store, objects).await?;
        // Files may encode geometries in different ways, which the table does not show.
        let schemas = schemas.iter().map(|schema| as_shown(schema, &geometries)).collect();
        Ok(Arc::new(merged_schema(store, objects, schemas).await?))
    }

    async fn infer_stats(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        table_schema: SchemaRef,
        object: &ObjectMeta,
    ) -> Result<Statistics> {
        let own = self.own_schema(state, store, &table_schema, object).await?;
        let statistics = self.inner.infer_stats(state, store, Arc::clone(&own), object).await?;
        Ok(without_nan(as_in_table(statistics, &own, &table_schema), &table_schema))
    }

    async fn infer_ordering(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        table_schema: SchemaRef,
        object: &ObjectMeta,
    ) -> Result<Option<LexOrdering>> {
        self.inner.infer_ordering(state, store, table_schema, object).await
    }

    async fn infer_stats_and_ordering(
        &self,
        state: &dyn Session,
        store: &Arc<dyn ObjectStore>,
        table_schema: SchemaRef,
        object: &ObjectMeta,
    ) -> Result<FileMeta> {
        let own = self.own_schema(state, store, &table_schema, object).await?;
        let schema = Arc::clone(&own);
        let mut known = self.inner.infer_stats_and_ordering(state, store, schema, object).await?;
        let statistics = as_in_table(known.statistics, &own, &table_schema);
        known.statistics = without_nan(statistics, &table_schema);
        Ok(known)
    }

    async fn create_physical_plan(
        &self,
        state: &dyn Session,
        config: FileScanConfig,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let source = config.file_source().downcast_ref::<SpatialParquetSource>().cloned();
        let source = source.ok_or_else(|| internal_datafusion_err!("not a source of Parquet"))?;
        let runtime = state.runtime_env();
        let cache = runtime.cache_manager.get_file_metadata_cache();
        let store = runtime.object_store(config.object_store_url.clone())?;
        let files = CachedParquetFileReaderFactory::new(Arc::clone(&store), Arc::clone(&cache));
        let files: Arc<dyn ParquetFileReaderFactory> = Arc::new(PagedReaders(Arc::new(files)));
        let files = Arc::new(WatchedReaders { store, readers: files });
        let footer_bytes = self.inner.metadata_size_hint();
        let source = source.with_metadata_cache(cache, footer_bytes).map_inner(|inner| {
            let inner = inner
                .with_table_parquet_options(self.inner.options().clone())
                .with_parquet_file_reader_factory(files);
            match footer_bytes {
                Some(bytes) => inner.with_metadata_size_hint(bytes),
                None => inner,
            }
        });
        let adapter = config.expr_adapter_factory.clone();
        let adapter = adapter.unwrap_or_else(|| Arc::new(NativeGeometryAdapterFactory));
        let config = FileScanConfigBuilder::from(config)
            .with_source(Arc::new(source))
            .with_expr_adapter(Some(adapter))
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }

    fn file_source(&self, table_schema: TableSchema) -> Arc<dyn FileSource> {
        let source = ParquetSource::new(table_schema)
            .with_table_parquet_options(self.inner.options().clone());
        Arc::new(SpatialParquetSource::new(source, Arc::clone(&self.coverings)))
    }
}
