//! The physical operator.

use std::fmt::Formatter;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, JoinSide, Result, internal_err};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_plan::coop::make_cooperative;
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::joins::utils::ColumnIndex;
use datafusion::physical_plan::metrics::{
    BaselineMetrics, Count, ExecutionPlanMetricsSet, Gauge, MetricBuilder, MetricsSet, Time,
};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan,
    ExecutionPlanProperties as _, Partitioning, PlanProperties, ReplaceChildrenOptions,
    apply_expression_roots,
};
use futures::FutureExt as _;
use futures::future::ready;

use super::objects::{Objects, Scratch};
use super::stream::Lookups;
use crate::gather::Gather;
use crate::join::{Collected as _, Form, Identity, Keeping, MannerOf, Surface};
use crate::shared::MadeOnce;

/// What a nearest join looks for.
#[derive(Debug, Clone)]
pub(super) struct Search {
    pub(super) surface: Surface,
    /// The geometry of a left row.
    pub(super) query: Arc<dyn PhysicalExpr>,
    /// The geometry of a right row.
    pub(super) object: Arc<dyn PhysicalExpr>,
    /// How many right rows belong to a left row.
    pub(super) count: usize,
    /// What decides between right rows that are as far away.
    pub(super) ties: Vec<PhysicalSortExpr>,
    /// Whether left rows without a right row are kept.
    pub(super) is_outer: bool,
    /// Whether right rows without a distance count as the farthest, rather than not at all.
    pub(super) takes_unplaced: bool,
}

/// What one partition counts.
#[derive(Debug)]
pub(super) struct Metrics {
    pub(super) baseline: BaselineMetrics,
    /// Left rows.
    pub(super) rows: Count,
    /// Distances that were measured.
    pub(super) measured: Count,
}

/// Each row of the left side with the rows of the right side nearest to it.
///
/// The right side is collected and indexed, the left side streamed. See the module for how.
#[derive(Debug)]
pub struct NearestJoinExec {
    left: Arc<dyn ExecutionPlan>,
    right: Arc<dyn ExecutionPlan>,
    search: Search,
    output: Arc<Gather>,
    /// The rows of the right side, which identical joins of a plan share.
    objects: Arc<MadeOnce<Objects>>,
    /// Where the rows are kept for other queries.
    keeping: Option<Keeping>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl NearestJoinExec {
    pub(super) fn new(
        left: Arc<dyn ExecutionPlan>,
        right: Arc<dyn ExecutionPlan>,
        search: Search,
    ) -> Self {
        let (left_schema, right_schema) = (left.schema(), right.schema());
        let mut fields: Vec<_> = left_schema.fields().iter().map(Arc::clone).collect();
        for field in right_schema.fields() {
            let is_nullable = field.is_nullable() || search.is_outer;
            fields.push(Arc::new(field.as_ref().clone().with_nullable(is_nullable)));
        }
        fields.push(Arc::new(Field::new("distance", DataType::Float64, true)));
        let schema = Schema::new_with_metadata(fields, left_schema.metadata().clone());
        let side = |side, count| (0..count).map(move |index| ColumnIndex { index, side });
        let left_columns = side(JoinSide::Left, left_schema.fields().len());
        let right_columns = side(JoinSide::Right, right_schema.fields().len());
        let distance = ColumnIndex { index: 0, side: JoinSide::None };
        let columns = left_columns.chain(right_columns).chain([distance]).collect();
        Self::with_output(left, right, search, Gather::new(Arc::new(schema), columns))
    }

    fn with_output(
        left: Arc<dyn ExecutionPlan>,
        right: Arc<dyn ExecutionPlan>,
        search: Search,
        output: Gather,
    ) -> Self {
        let partitions = left.output_partitioning().partition_count();
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(output.schema())),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self {
            left,
            right,
            search,
            output: Arc::new(output),
            objects: Arc::default(),
            keeping: None,
            properties: Arc::new(properties),
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }

    /// Returns what tells the right side apart; nothing if it cannot be that of another join.
    pub(crate) fn right_identity(&self, manner_of: MannerOf) -> Option<Identity> {
        let Search { surface, object, ties, .. } = &self.search;
        let orders = ties.iter().map(|tie| tie.options).collect();
        let values = std::iter::once(object).chain(ties.iter().map(|tie| &tie.expr));
        Identity::of(&self.right, values, Form::Nearest { surface: *surface, orders }, manner_of)
    }

    /// Returns the rows of the right side, once they are collected.
    pub(crate) fn objects(&self) -> &Arc<MadeOnce<Objects>> {
        &self.objects
    }

    /// Returns the join over rows that other joins of the plan share, and other queries if they
    /// are kept.
    pub(crate) fn sharing(
        &self,
        objects: Arc<MadeOnce<Objects>>,
        keeping: Option<Keeping>,
    ) -> Self {
        let (left, right) = (Arc::clone(&self.left), Arc::clone(&self.right));
        let output = self.output.as_ref().clone();
        Self { objects, keeping, ..Self::with_output(left, right, self.search.clone(), output) }
    }
}

impl DisplayAs for NearestJoinExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Search { query, object, count, ties, is_outer, .. } = &self.search;
        let kind = if *is_outer { "Left" } else { "Inner" };
        write!(f, "NearestJoinExec: join_type={kind}, k={count}")?;
        write!(f, ", query=left.{query}, object=right.{object}")?;
        for tie in ties {
            write!(f, ", {tie}")?;
        }
        Ok(())
    }
}

impl ExecutionPlan for NearestJoinExec {
    fn name(&self) -> &'static str {
        "NearestJoinExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![false, false]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![true, false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.left, &self.right]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        let ties = self.search.ties.iter().map(|tie| &tie.expr);
        let roots = [&self.search.query, &self.search.object].into_iter().chain(ties);
        apply_expression_roots(roots, f)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([left, right]) = <[Arc<dyn ExecutionPlan>; 2]>::try_from(children) else {
            return internal_err!("a nearest join has two inputs");
        };
        let output = self.output.as_ref().clone();
        Ok(Arc::new(Self::with_output(left, right, self.search.clone(), output)))
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, options)
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let reservation = || MemoryConsumer::new("NearestJoinExec").register(context.memory_pool());
        let objects = self.objects.get_or_find(|| {
            let time: Time = MetricBuilder::new(&self.metrics).subset_time("build_time", 0);
            let memory: Gauge = MetricBuilder::new(&self.metrics).gauge("build_mem_used", 0);
            if let Some(objects) = self.keeping.as_ref().and_then(Keeping::find::<Objects>) {
                MetricBuilder::new(&self.metrics).counter("build_side_cached", 0).add(1);
                memory.set(objects.memory_size());
                return Ok(ready(Ok(objects)).boxed());
            }
            let partitions = self.right.output_partitioning().partition_count();
            let inputs = (0..partitions)
                .map(|partition| self.right.execute(partition, Arc::clone(&context)))
                .collect::<Result<Vec<_>>>()?;
            let (search, reservation) = (self.search.clone(), reservation());
            let rows = MetricBuilder::new(&self.metrics).counter("build_input_rows", 0);
            let keeping = self.keeping.clone();
            let collected = async move {
                let timer = time.timer();
                let objects = Arc::new(Objects::collect(inputs, search, reservation).await?);
                timer.done();
                memory.set(objects.memory_size());
                rows.add(objects.row_count());
                if let Some(keeping) = keeping {
                    keeping.keep(&objects);
                }
                Ok::<_, DataFusionError>(objects)
            };
            Ok(collected.boxed())
        })?;
        let lookups = Lookups {
            objects,
            search: self.search.clone(),
            output: Arc::clone(&self.output),
            batch_size: context.session_config().batch_size(),
            reservation: reservation(),
            metrics: Metrics {
                baseline: BaselineMetrics::new(&self.metrics, partition),
                rows: MetricBuilder::new(&self.metrics).counter("input_rows", partition),
                measured: MetricBuilder::new(&self.metrics).counter("measured", partition),
            },
            scratch: Scratch::default(),
            current: None,
            input: self.left.execute(partition, context)?,
        };
        let stream = RecordBatchStreamAdapter::new(self.schema(), lookups.into_stream());
        Ok(make_cooperative(Box::pin(stream)))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn schema(&self) -> SchemaRef {
        Arc::clone(self.output.schema())
    }

    fn try_swapping_with_projection(
        &self,
        projection: &ProjectionExec,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let exprs = projection.expr().iter();
        let indices: Option<Vec<usize>> = exprs
            .map(|projected| projected.expr.downcast_ref::<Column>().map(Column::index))
            .collect();
        let Some(indices) = indices else { return Ok(None) };
        let output = self.output.project(projection.schema(), &indices);
        let (left, right) = (Arc::clone(&self.left), Arc::clone(&self.right));
        Ok(Some(Arc::new(Self::with_output(left, right, self.search.clone(), output))))
    }
}
