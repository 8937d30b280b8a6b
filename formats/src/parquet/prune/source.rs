//! The Parquet source of the query engine, with pruning by boxes in front of it.
//!
//! That source prunes by the statistics of whole columns; boxes lie in fields of a struct, in the
//! statistics of geometries, or in the metadata of the file.

use std::fmt::{self, Formatter};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{
    FileOpener, FileScanConfig, FileSource, ParquetSource,
};
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::cache::cache_manager::FileMetadataCache;
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalSortExpr};
use datafusion::physical_plan::filter_pushdown::FilterPushdownPropagation;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion::physical_plan::{DisplayFormatType, PhysicalExpr, SortOrderPushdownResult};
use datafusion_datasource::morsel::Morselizer;
use object_store::ObjectStore;

use super::columns::Coverings;
use super::metrics::Counters;
use super::morselizer::{Pruner, SpatialMorselizer};
use crate::manner::Manner;
use crate::nan_rows::with_nan_rows;
use crate::spatial_filter::{Constants, spatial_filter};

/// Scans Parquet files, without what a spatial condition cannot need.
#[derive(Debug, Clone)]
pub(crate) struct SpatialParquetSource {
    inner: ParquetSource,
    coverings: Coverings,
    cache: Option<Arc<FileMetadataCache>>,
    footer_bytes: Option<usize>,
}

impl SpatialParquetSource {
    /// Puts pruning by the boxes of `coverings`, and those that files declare, before a source.
    pub(crate) fn new(inner: ParquetSource, coverings: Coverings) -> Self {
        Self { inner, coverings, cache: None, footer_bytes: None }
    }

    /// Changes the source of the query engine.
    pub(crate) fn map_inner(self, change: impl FnOnce(ParquetSource) -> ParquetSource) -> Self {
        Self { inner: change(self.inner), ..self }
    }

    /// Remembers what is known about files in a cache, and how much of a file's end is read first.
    pub(crate) fn with_metadata_cache(
        self,
        cache: Arc<FileMetadataCache>,
        footer_bytes: Option<usize>,
    ) -> Self {
        Self { cache: Some(cache), footer_bytes, ..self }
    }

    /// Returns how rows are made of the files.
    pub(crate) fn manner(&self) -> Manner {
        let options = self.inner.table_parquet_options();
        Manner { text: format!("parquet {:?} {options:?}", self.coverings), is_closed: true }
    }

    /// Puts pruning before what became of the source of the query engine.
    fn around(&self, source: Arc<dyn FileSource>) -> Arc<dyn FileSource> {
        match source.downcast_ref::<ParquetSource>() {
            Some(inner) => Arc::new(Self { inner: inner.clone(), ..self.clone() }),
            None => source,
        }
    }

    /// Returns what one partition of a scan needs to leave out parts of files.
    pub(super) fn pruner(
        &self,
        store: Arc<dyn ObjectStore>,
        predicate: Option<Arc<dyn PhysicalExpr>>,
        partition: usize,
    ) -> Pruner {
        let schema = self.inner.table_schema().table_schema();
        let projected =
            self.inner.projection().into_iter().flat_map(ProjectionExprs::column_indices);
        let projected = projected
            .filter_map(|index| schema.fields().get(index).map(|field| field.name().clone()));
        let condition = predicate.iter().flat_map(collect_columns);
        Pruner {
            store,
            cache: self.cache.clone(),
            footer_bytes: self.footer_bytes,
            table_schema: Arc::clone(schema),
            coverings: Arc::clone(&self.coverings),
            projected: projected.collect(),
            condition: condition.map(|column| column.name().to_owned()).collect(),
            reads_page_index: self.inner.table_parquet_options().global.enable_page_index,
            counters: Counters::new(self.inner.metrics(), partition),
            needs_most: AtomicBool::new(false),
            predicate,
        }
    }
}

impl FileSource for SpatialParquetSource {
    fn create_file_opener(
        &self,
        store: Arc<dyn ObjectStore>,
        config: &FileScanConfig,
        partition: usize,
    ) -> Result<Arc<dyn FileOpener>> {
        self.inner.create_file_opener(store, config, partition)
    }

    fn create_morselizer(
        &self,
        store: Arc<dyn ObjectStore>,
        config: &FileScanConfig,
        partition: usize,
    ) -> Result<Box<dyn Morselizer>> {
        let mut inner = self.inner.clone();
        if let Some(predicate) = inner.filter() {
            let schema = inner.table_schema().table_schema();
            inner = inner.clone().with_predicate(with_nan_rows(predicate, schema)?);
        }
        let reader = inner.create_morselizer(Arc::clone(&store), config, partition)?;
        let late = inner.with_pushdown_filters(true);
        let late_reader = late.create_morselizer(Arc::clone(&store), config, partition)?;
        Ok(Box::new(SpatialMorselizer {
            pruner: Arc::new(self.pruner(store, self.inner.filter(), partition)),
            reader: Arc::from(reader),
            late_reader: Arc::from(late_reader),
        }))
    }

    fn table_schema(&self) -> &TableSchema {
        self.inner.table_schema()
    }

    fn with_batch_size(&self, batch_size: usize) -> Arc<dyn FileSource> {
        self.around(self.inner.with_batch_size(batch_size))
    }

    fn filter(&self) -> Option<Arc<dyn PhysicalExpr>> {
        self.inner.filter()
    }

    fn projection(&self) -> Option<&ProjectionExprs> {
        self.inner.projection()
    }

    fn metrics(&self) -> &ExecutionPlanMetricsSet {
        self.inner.metrics()
    }

    fn file_type(&self) -> &str {
        self.inner.file_type()
    }

    fn fmt_extra(&self, t: DisplayFormatType, f: &mut Formatter<'_>) -> fmt::Result {
        self.inner.fmt_extra(t, f)?;
        let Some(predicate) = self.inner.filter() else { return Ok(()) };
        let schema = self.inner.table_schema().table_schema();
        let filter = spatial_filter(&predicate, schema, Constants::Written);
        match t {
            _ if filter.is_anything() => Ok(()),
            DisplayFormatType::TreeRender => writeln!(f, "spatial_filter={filter}"),
            _ => write!(f, ", spatial_filter={filter}"),
        }
    }

    fn supports_repartitioning(&self) -> bool {
        self.inner.supports_repartitioning()
    }

    fn try_pushdown_filters(
        &self,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        config: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn FileSource>>> {
        let pushed = self.inner.try_pushdown_filters(filters, config)?;
        let updated_node = pushed.updated_node.map(|source| self.around(source));
        Ok(FilterPushdownPropagation { updated_node, ..pushed })
    }

    fn try_pushdown_sort(
        &self,
        order: &[PhysicalSortExpr],
        properties: &EquivalenceProperties,
    ) -> Result<SortOrderPushdownResult<Arc<dyn FileSource>>> {
        Ok(match self.inner.try_pushdown_sort(order, properties)? {
            SortOrderPushdownResult::Exact { inner } => {
                SortOrderPushdownResult::Exact { inner: self.around(inner) }
            }
            SortOrderPushdownResult::Inexact { inner } => {
                SortOrderPushdownResult::Inexact { inner: self.around(inner) }
            }
            SortOrderPushdownResult::Unsupported => SortOrderPushdownResult::Unsupported,
        })
    }

    fn reorder_files(&self, files: Vec<PartitionedFile>) -> Vec<PartitionedFile> {
        self.inner.reorder_files(files)
    }

    fn try_pushdown_projection(
        &self,
        projection: &ProjectionExprs,
    ) -> Result<Option<Arc<dyn FileSource>>> {
        let pushed = self.inner.try_pushdown_projection(projection)?;
        Ok(pushed.map(|source| self.around(source)))
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.inner.apply_expressions(f)
    }
}
