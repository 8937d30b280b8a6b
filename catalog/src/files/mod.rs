//! A table of files: the one scan behind listings, GeoParquet directories and plain Delta tables.
//!
//! The list of files is fixed when the table is made, so every scan of one statement sees the
//! same files.

mod prune;
mod visible;

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::{ScalarValue, Statistics, project_schema};
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder};
use datafusion::datasource::table_schema::TableSchema;
use datafusion::datasource::{TableProvider, TableType};
use datafusion::error::Result;
use datafusion::execution::cache::cache_manager::{
    CachedFileMetadata, SchemaFingerprint, TableScopedPath,
};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use futures::{StreamExt as _, TryStreamExt as _};
use godwit_formats::FileExtents;
use object_store::ObjectMeta;

pub(crate) use self::prune::partition_statistics;
pub(crate) use self::visible::VisibleColumns;
use self::visible::projected;

/// One file of a table.
#[derive(Debug, Clone)]
pub(crate) struct DataFile {
    /// Where it is and how large.
    pub(crate) meta: ObjectMeta,
    /// The values of the partition columns.
    pub(crate) partition_values: Vec<ScalarValue>,
    /// What is known without opening it, over the file and the partition columns.
    pub(crate) statistics: Option<Arc<Statistics>>,
    /// The boxes around its geometries.
    pub(crate) extents: FileExtents,
}

/// A table of files that do not change.
#[derive(Debug)]
pub(crate) struct FileTable {
    store_url: ObjectStoreUrl,
    format: Arc<dyn FileFormat>,
    table_schema: TableSchema,
    /// The columns as they are shown, by their place in the table schema.
    columns: Vec<usize>,
    schema: SchemaRef,
    files: Arc<[DataFile]>,
}

impl FileTable {
    /// Returns the table of `files`, showing `columns` of the table schema.
    pub(crate) fn try_new(
        store_url: ObjectStoreUrl,
        format: Arc<dyn FileFormat>,
        table_schema: TableSchema,
        columns: Vec<usize>,
        files: Arc<[DataFile]>,
    ) -> Result<Self> {
        let schema = Arc::new(table_schema.table_schema().project(&columns)?);
        Ok(Self { store_url, format, table_schema, columns, schema, files })
    }

    /// Returns the suffix of files of this format, without the dot.
    pub(crate) fn extension(&self) -> String {
        self.format.get_ext()
    }

    /// Returns the names of the tables in the files, as [`godwit_formats::layers`] does.
    pub(crate) async fn layers(&self, session: &dyn Session) -> Result<Vec<String>> {
        let store = session.runtime_env().object_store(&self.store_url)?;
        let objects: Vec<ObjectMeta> = self.files.iter().map(|file| file.meta.clone()).collect();
        Ok(godwit_formats::layers(self.format.as_ref(), &store, &objects).await?)
    }

    /// Returns what is known about a file, from its footer if need be.
    async fn statistics(
        &self,
        session: &dyn Session,
        file: &DataFile,
    ) -> Result<Option<Arc<Statistics>>> {
        if file.statistics.is_some() || !session.config().collect_statistics() {
            return Ok(file.statistics.clone());
        }
        let file_schema = self.table_schema.file_schema();
        let cache = session.runtime_env().cache_manager.get_file_statistic_cache();
        let key = TableScopedPath { table: None, path: file.meta.location.clone() };
        let fingerprint = Arc::new(SchemaFingerprint::from_schema(file_schema));
        let cached = cache.as_ref().and_then(|cache| cache.get(&key));
        let statistics = match cached {
            Some(cached) if cached.is_valid_for(&file.meta, &fingerprint) => cached.statistics,
            _ => {
                let store = session.runtime_env().object_store(&self.store_url)?;
                let inferred = self
                    .format
                    .infer_stats(session, &store, Arc::clone(file_schema), &file.meta)
                    .await?;
                let statistics = Arc::new(inferred);
                if let Some(cache) = &cache {
                    let entry = CachedFileMetadata::new(
                        file.meta.clone(),
                        fingerprint,
                        Arc::clone(&statistics),
                        None,
                    );
                    cache.put(&key, entry);
                }
                statistics
            }
        };
        Ok(Some(prune::with_partitions(statistics, &file.partition_values)))
    }

    /// Returns the files that can have rows the filters let through.
    async fn selected(&self, session: &dyn Session, filters: &[Expr]) -> Result<Vec<DataFile>> {
        let schema = self.table_schema.table_schema();
        let window = prune::window(session, filters, schema);
        let mut files = Vec::with_capacity(self.files.len());
        for file in self.files.iter() {
            if window.select(&file.extents) {
                files.push(file.clone());
            }
        }
        let by_partition: Vec<Arc<Statistics>> =
            files.iter().map(|file| self.known_statistics(file)).collect();
        let keep = prune::prune(session, filters, schema, &by_partition);
        let kept = files.into_iter().zip(keep).filter_map(|(file, keep)| keep.then_some(file));

        let concurrency = session.config_options().execution.meta_fetch_concurrency.get();
        futures::stream::iter(kept)
            .map(|mut file| async move {
                file.statistics = self.statistics(session, &file).await?;
                Ok(file)
            })
            .buffered(concurrency)
            .try_collect()
            .await
    }

    fn known_statistics(&self, file: &DataFile) -> Arc<Statistics> {
        if let Some(statistics) = &file.statistics {
            return Arc::clone(statistics);
        }
        let unknown = Statistics::new_unknown(self.table_schema.file_schema());
        prune::with_partitions(Arc::new(unknown), &file.partition_values)
    }
}

#[async_trait]
impl TableProvider for FileTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let files = self.selected(session, filters).await?;
        if files.is_empty() {
            let schema = project_schema(&self.schema, projection)?;
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let table_schema = self.table_schema.table_schema();
        let known: Vec<Arc<Statistics>> =
            files.iter().map(|file| self.known_statistics(file)).collect();
        let without_constants = |known| prune::without_constants(known, table_schema);
        let known: Vec<_> = known.into_iter().map(without_constants).collect();
        let statistics = Statistics::try_merge_iter(known.iter().map(AsRef::as_ref), table_schema)?;
        let partitioned = files.into_iter().zip(known).map(|(file, statistics)| {
            let mut partitioned = PartitionedFile::from(file.meta).with_extension(file.extents);
            partitioned.partition_values = file.partition_values;
            partitioned.statistics = Some(statistics);
            partitioned
        });
        let groups = FileGroup::new(partitioned.collect())
            .split_files(session.config().target_partitions().max(1));

        let indices = projected(&self.columns, projection);
        let source = self.format.file_source(self.table_schema.clone());
        let config = FileScanConfigBuilder::new(self.store_url.clone(), source)
            .with_file_groups(groups)
            .with_statistics(statistics)
            .with_projection_indices(Some(indices))?
            .with_limit(if filters.is_empty() { limit } else { None })
            .build();
        self.format.create_physical_plan(session, config).await
    }
}
