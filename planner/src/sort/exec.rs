//! The physical operator.

use std::fmt::Formatter;
use std::sync::Arc;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, Statistics, internal_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{LexOrdering, PhysicalExpr};
use datafusion::physical_plan::coop::make_cooperative;
use datafusion::physical_plan::metrics::{
    BaselineMetrics, Count, ExecutionPlanMetricsSet, MetricBuilder, MetricsSet,
};
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::physical_plan::statistics::{ChildStats, StatisticsArgs};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan,
    ExecutionPlanProperties as _, PlanProperties, ReplaceChildrenOptions, apply_expression_roots,
};
use futures::{TryStreamExt as _, stream};

use super::collect::{Collecting, collect};
use super::handover;
use super::keys::has_keys;
use super::sorted::Collected;
use crate::gather::Gather;

/// A sort of all rows of all partitions by numbers, times or truth values. See the module for how.
#[derive(Debug)]
pub struct KeySortExec {
    order: LexOrdering,
    input: Arc<dyn ExecutionPlan>,
    /// The same sort by the query engine: its plan properties, and what becomes of rows that do
    /// not fit into memory.
    sort: Arc<dyn ExecutionPlan>,
    metrics: ExecutionPlanMetricsSet,
}

impl KeySortExec {
    /// Returns the sort of an input, if all that it is sorted by has keys.
    pub fn try_new(order: &LexOrdering, input: &Arc<dyn ExecutionPlan>) -> Result<Option<Self>> {
        let schema = input.schema();
        for column in order {
            if !has_keys(&column.expr.data_type(&schema)?) {
                return Ok(None);
            }
        }
        Ok(Some(Self {
            order: order.clone(),
            input: Arc::clone(input),
            sort: sort(order, Arc::clone(input)),
            metrics: ExecutionPlanMetricsSet::new(),
        }))
    }
}

/// Returns the sort by the query engine of all partitions.
fn sort(order: &LexOrdering, input: Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
    let is_divided = input.output_partitioning().partition_count() > 1;
    let sort = SortExec::new(order.clone(), input).with_preserve_partitioning(is_divided);
    if !is_divided {
        return Arc::new(sort);
    }
    Arc::new(SortPreservingMergeExec::new(order.clone(), Arc::new(sort)))
}

impl DisplayAs for KeySortExec {
    fn fmt_as(&self, format: DisplayFormatType, f: &mut Formatter<'_>) -> std::fmt::Result {
        match format {
            DisplayFormatType::TreeRender => writeln!(f, "{}", self.order),
            _ => write!(f, "KeySortExec: expr=[{}]", self.order),
        }
    }
}

impl ExecutionPlan for KeySortExec {
    fn name(&self) -> &'static str {
        "KeySortExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.sort.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![false]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        apply_expression_roots(self.order.iter().map(|column| &column.expr), f)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let [input] = children.as_slice() else {
            return internal_err!("a sort has one input");
        };
        Ok(match Self::try_new(&self.order, input)? {
            Some(sort) => Arc::new(sort),
            None => sort(&self.order, Arc::clone(input)),
        })
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
        if partition != 0 {
            return internal_err!("a whole sort has one partition");
        }
        let count = self.input.output_partitioning().partition_count();
        let inputs =
            (0..count).map(|partition| self.input.execute(partition, Arc::clone(&context)));
        let inputs = inputs.collect::<Result<Vec<_>>>()?;
        let consumer = MemoryConsumer::new("KeySortExec").with_can_spill(true);
        let sorting = Sorting {
            order: self.order.clone(),
            reservation: Arc::new(consumer.register(context.memory_pool())),
            context,
            metrics: BaselineMetrics::new(&self.metrics, partition),
            handovers: MetricBuilder::new(&self.metrics).global_counter("handed_over"),
        };
        let schema = self.schema();
        let rows = stream::once(sorting.run(inputs)).try_flatten();
        Ok(make_cooperative(Box::pin(RecordBatchStreamAdapter::new(schema, rows))))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn child_stats_requests(&self, _partition: Option<usize>) -> Vec<ChildStats> {
        vec![ChildStats::At(None)]
    }

    fn statistics_from_inputs(
        &self,
        input_stats: &[Arc<Statistics>],
        _args: &StatisticsArgs,
    ) -> Result<Arc<Statistics>> {
        let [input] = input_stats else {
            return internal_err!("a sort has one input");
        };
        Ok(Arc::clone(input))
    }
}

/// One execution of a sort.
struct Sorting {
    order: LexOrdering,
    reservation: Arc<MemoryReservation>,
    context: Arc<TaskContext>,
    metrics: BaselineMetrics,
    /// Whether the rows were handed over.
    handovers: Count,
}

impl Sorting {
    async fn run(
        self,
        inputs: Vec<SendableRecordBatchStream>,
    ) -> Result<SendableRecordBatchStream> {
        let Some(schema) = inputs.first().map(|input| input.schema()) else {
            return internal_err!("the input of a sort has partitions");
        };
        let collecting = Arc::new(Collecting::new(
            self.order.first().clone(),
            self.order.len(),
            Gather::of_rows(Arc::clone(&schema)),
            Arc::clone(&self.reservation),
        ));
        let partitions = collect(inputs, &collecting).await?;
        if partitions.iter().any(|partition| partition.rest.is_some()) {
            self.handovers.add(1);
            // The sort books what it is given.
            self.reservation.free();
            let input = handover::input(&schema, partitions)?;
            return sort(&self.order, input).execute(0, self.context);
        }
        let timer = self.metrics.elapsed_compute().timer();
        let rows = Collected::of(partitions, &collecting, self.order).await?;
        timer.done();
        let config = self.context.session_config();
        let (size, threads) = (config.batch_size().max(1), config.target_partitions().max(1));
        let sorted = rows.into_batches(&schema, size, threads).inspect_ok(move |batch| {
            self.metrics.record_output(batch.num_rows());
            // The rows are booked as long as they are put out.
            let _ = &self.reservation;
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, sorted)))
    }
}
