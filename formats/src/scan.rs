//! A file source for formats that read whole files as streams of batches.

use std::fmt::{self, Formatter};
use std::sync::Arc;

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Schema, SchemaRef};
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::physical_plan::{
    FileOpener, FileScanConfig, FileScanConfigBuilder, FileSource,
};
use datafusion::datasource::projection::{ProjectionOpener, SplitProjection};
use datafusion::datasource::table_schema::TableSchema;
use datafusion::physical_expr::conjunction;
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_plan::filter_pushdown::{FilterPushdownPropagation, PushedDown};
use datafusion::physical_plan::metrics::{
    ExecutionPlanMetricsSet, MetricBuilder, MetricType, PruningMetrics,
};
use datafusion::physical_plan::{DisplayFormatType, PhysicalExpr, apply_expression_roots};
use godwit_geometry::SpatialFilter;
use object_store::ObjectStore;

use crate::FormatError;
use crate::chunks::{Chunk, ChunkDecoder};
use crate::derived::DerivedSource;
use crate::manner::Manner;
use crate::reader::BatchReader;
use crate::spatial_filter::{Constants, spatial_filter};

/// What a reader must know to open files.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) store: Arc<dyn ObjectStore>,
    /// All columns of the files.
    pub(crate) file_schema: SchemaRef,
    /// The columns to deliver, in this order; possibly none.
    pub(crate) projection: Vec<usize>,
    pub(crate) batch_size: usize,
    /// How many pieces of a file may be worked on at a time.
    pub(crate) width: usize,
    /// What rows have to fulfil, for a reader that can leave out others by their place.
    pub(crate) condition: Option<Condition>,
}

/// What the rows of a scan have to fulfil.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    predicate: Arc<dyn PhysicalExpr>,
    table_schema: SchemaRef,
    features: PruningMetrics,
}

impl Condition {
    /// Returns what the condition demands of geometries, by all that is known at this moment.
    pub(crate) fn filter(&self) -> SpatialFilter {
        spatial_filter(&self.predicate, &self.table_schema, Constants::Current)
    }

    /// Counts the features of a file that are read and those that are not.
    pub(crate) fn count_features(&self, read: usize, pruned: usize) {
        self.features.add_matched(read);
        self.features.add_pruned(pruned);
    }
}

/// Scans files with a reader.
#[derive(Debug, Clone)]
pub(crate) struct ScanSource {
    reader: Arc<dyn BatchReader>,
    table_schema: TableSchema,
    projection: SplitProjection,
    predicate: Option<Arc<dyn PhysicalExpr>>,
    batch_size: usize,
    /// How many pieces are worked on at a time over all files.
    parallelism: usize,
    metrics: ExecutionPlanMetricsSet,
}

impl ScanSource {
    pub(crate) fn new(reader: Arc<dyn BatchReader>, table_schema: TableSchema) -> Self {
        Self {
            reader,
            projection: SplitProjection::unprojected(&table_schema),
            table_schema,
            predicate: None,
            batch_size: 8192,
            parallelism: 1,
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }

    /// Returns how rows are made of the files.
    pub(crate) fn manner(&self) -> Manner {
        Manner { text: format!("{:?}", self.reader), is_closed: !self.reader.reads_beside() }
    }

    fn condition(&self, partition: usize) -> Option<Condition> {
        let builder = MetricBuilder::new(&self.metrics).with_type(MetricType::Summary);
        Some(Condition {
            predicate: Arc::clone(self.predicate.as_ref()?),
            table_schema: Arc::clone(self.table_schema.table_schema()),
            features: builder.pruning_metrics("features_pruned_spatial", partition),
        })
    }
}

/// Tells the source of a scan how many pieces it may work on at a time.
pub(crate) fn apply_parallelism(
    config: FileScanConfig,
    parallelism: usize,
) -> Result<FileScanConfig> {
    let source = with_parallelism(config.file_source(), parallelism)?;
    Ok(FileScanConfigBuilder::from(config).with_source(source).build())
}

pub(crate) fn with_parallelism(
    source: &Arc<dyn FileSource>,
    parallelism: usize,
) -> Result<Arc<dyn FileSource>> {
    if let Some(scan) = source.downcast_ref::<ScanSource>() {
        return Ok(Arc::new(ScanSource { parallelism, ..scan.clone() }));
    }
    if let Some(derived) = source.downcast_ref::<DerivedSource>() {
        return Ok(Arc::new(derived.map_base(|base| with_parallelism(base, parallelism))?));
    }
    Ok(Arc::clone(source))
}

/// Counts records when no column is wanted.
pub(crate) struct CountingDecoder {
    pub(crate) batch_size: usize,
}

impl ChunkDecoder for CountingDecoder {
    fn decode(&self, chunk: &Chunk) -> Result<Vec<RecordBatch>, FormatError> {
        let schema = Arc::new(Schema::empty());
        let mut batches = Vec::new();
        let mut left = chunk.records;
        while left > 0 {
            let count = left.min(self.batch_size.max(1));
            let options = RecordBatchOptions::new().with_row_count(Some(count));
            let schema = Arc::clone(&schema);
            batches.push(RecordBatch::try_new_with_options(schema, Vec::new(), &options)?);
            left -= count;
        }
        Ok(batches)
    }
}

impl FileSource for ScanSource {
    fn create_file_opener(
        &self,
        object_store: Arc<dyn ObjectStore>,
        base_config: &FileScanConfig,
        partition: usize,
    ) -> Result<Arc<dyn FileOpener>> {
        let groups = base_config.file_groups.len().max(1);
        let file_schema = self.table_schema.file_schema();
        let opener = self.reader.opener(Scan {
            store: object_store,
            file_schema: Arc::clone(file_schema),
            projection: self.projection.file_indices.clone(),
            batch_size: self.batch_size,
            // One more, so that work goes on while a batch is being used.
            width: self.parallelism.div_ceil(groups) + 1,
            condition: self.condition(partition),
        })?;
        ProjectionOpener::try_new(self.projection.clone(), opener, file_schema)
    }

    fn table_schema(&self) -> &TableSchema {
        &self.table_schema
    }

    fn with_batch_size(&self, batch_size: usize) -> Arc<dyn FileSource> {
        Arc::new(Self { batch_size, ..self.clone() })
    }

    fn filter(&self) -> Option<Arc<dyn PhysicalExpr>> {
        self.predicate.clone()
    }

    fn projection(&self) -> Option<&ProjectionExprs> {
        Some(&self.projection.source)
    }

    fn metrics(&self) -> &ExecutionPlanMetricsSet {
        &self.metrics
    }

    fn file_type(&self) -> &str {
        self.reader.name()
    }

    fn fmt_extra(&self, t: DisplayFormatType, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(predicate) = &self.predicate else { return Ok(()) };
        let schema = self.table_schema.table_schema();
        let filter = spatial_filter(predicate, schema, Constants::Written);
        match t {
            _ if filter.is_anything() => Ok(()),
            DisplayFormatType::TreeRender => writeln!(f, "spatial_filter={filter}"),
            _ => write!(f, ", spatial_filter={filter}"),
        }
    }

    /// The beginning of a file is needed to make sense of the rest.
    fn supports_repartitioning(&self) -> bool {
        false
    }

    /// Keeps the filters in mind; rows still have to be checked by them.
    fn try_pushdown_filters(
        &self,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        _config: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn FileSource>>> {
        let unchanged = FilterPushdownPropagation::with_parent_pushdown_result(vec![
            PushedDown::No;
            filters.len()
        ]);
        if !self.reader.reads_by_place() || filters.is_empty() {
            return Ok(unchanged);
        }
        let predicate = Some(conjunction(self.predicate.iter().cloned().chain(filters)));
        Ok(unchanged.with_updated_node(Arc::new(Self { predicate, ..self.clone() })))
    }

    fn try_pushdown_projection(
        &self,
        projection: &ProjectionExprs,
    ) -> Result<Option<Arc<dyn FileSource>>> {
        let merged = self.projection.source.try_merge(projection)?;
        let projection = SplitProjection::new(self.table_schema.file_schema(), &merged);
        Ok(Some(Arc::new(Self { projection, ..self.clone() })))
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        let projected = self.projection.source.iter().map(|projected| &projected.expr);
        apply_expression_roots(self.predicate.iter().chain(projected), f)
    }
}
