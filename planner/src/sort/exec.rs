//! The physical operator.

use std::fmt::Formatter;
use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::common::runtime::SpawnedTask;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, JoinSide, Result, Statistics, internal_err};
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
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};

use super::collect::{Partition, collect};
use super::keys::{Keys, has_keys};
use super::ranking::{Ranked, by_first, merge, settle};
use super::{handover, joined};
use crate::gather::{Gather, Rows, row_bytes};

/// So many bytes of values that are copied whole make a batch at most, one row aside.
const MOST_BYTES: usize = 64 << 20;

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
        let partitions = collect(inputs, self.order.len(), &self.reservation).await?;
        if partitions.iter().any(|partition| partition.rest.is_some()) {
            self.handovers.add(1);
            // The sort books what it is given.
            self.reservation.free();
            let input = handover::input(&schema, partitions)?;
            return sort(&self.order, input).execute(0, self.context);
        }
        let timer = self.metrics.elapsed_compute().timer();
        let batches = partitions.into_iter().map(|Partition { batches, .. }| batches);
        let rows = rank(batches.collect(), self.order).await?;
        timer.done();
        let gather = Gather::of_rows(Arc::clone(&schema));
        let config = self.context.session_config();
        let (size, threads) = (config.batch_size().max(1), config.target_partitions().max(1));
        let sorted = put_out(rows, gather, size, threads).inspect_ok(move |batch| {
            self.metrics.record_output(batch.num_rows());
            // The rows are booked as long as they are put out.
            let _ = &self.reservation;
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, sorted)))
    }
}

/// Batches and the order of their rows.
struct Sorted {
    batches: Vec<RecordBatch>,
    rows: Vec<Ranked>,
}

impl Sorted {
    /// Returns how many rows from a place on make a batch: fewer where the columns whose values
    /// are copied whole are large, and at least one if there is one.
    fn count_from(&self, start: usize, most: usize, columns: &[usize]) -> usize {
        let rows = self.rows.get(start..).unwrap_or_default();
        let rows = rows.get(..most).unwrap_or(rows);
        let mut bytes = 0;
        for (count, row) in rows.iter().enumerate().filter(|_| !columns.is_empty()) {
            let (batch, place) = row.row();
            bytes += self.batches.get(batch).map_or(0, |batch| row_bytes(batch, columns, place));
            if bytes > MOST_BYTES {
                return count.max(1);
            }
        }
        rows.len()
    }
}

/// Returns the order of the rows of all partitions.
async fn rank(partitions: Vec<Vec<RecordBatch>>, order: LexOrdering) -> Result<Sorted> {
    let mut first_batch = 0;
    let mut parts = Vec::with_capacity(partitions.len());
    for batches in &partitions {
        let (batches, order, from) = (batches.clone(), order.clone(), first_batch);
        first_batch += batches.len();
        parts.push(SpawnedTask::spawn_blocking(move || {
            let keys = keys_of(&batches, &order, 0)?;
            Ok::<_, DataFusionError>((by_first(from, &keys), keys))
        }));
    }
    let batches: Vec<RecordBatch> = partitions.into_iter().flatten().collect();
    let (mut rows, mut first) = (Vec::with_capacity(parts.len()), Vec::new());
    for part in parts {
        let (part, keys) = joined(part).await?;
        rows.push(part);
        first.extend(keys);
    }
    joined(SpawnedTask::spawn_blocking(move || {
        let mut rows = merge(rows);
        settle(&mut rows, &first, order.len() - 1, |column| keys_of(&batches, &order, column))?;
        Ok(Sorted { batches, rows })
    }))
    .await
}

/// Returns the keys of a column that is sorted by, batch by batch.
fn keys_of(batches: &[RecordBatch], order: &LexOrdering, column: usize) -> Result<Vec<Keys>> {
    let Some(column) = order.get(column) else {
        return internal_err!("a sort has no column {column}");
    };
    let keys = batches.iter().map(|batch| {
        let values = column.expr.evaluate(batch)?.into_array(batch.num_rows())?;
        Keys::of(&values, column.options)
    });
    keys.collect()
}

/// Returns the rows in their order; some batches are put together at a time.
fn put_out(
    sorted: Sorted,
    gather: Gather,
    batch_size: usize,
    threads: usize,
) -> impl Stream<Item = Result<RecordBatch>> {
    let (sorted, gather) = (Arc::new(sorted), Arc::new(gather));
    let bounded = gather.bounded_columns(JoinSide::Left);
    let mut start = 0;
    let batches = std::iter::from_fn(move || {
        let rows = start..start + sorted.count_from(start, batch_size, &bounded);
        start = rows.end;
        let (sorted, gather) = (Arc::clone(&sorted), Arc::clone(&gather));
        (!rows.is_empty()).then(|| {
            joined(SpawnedTask::spawn(async move {
                let rows = sorted.rows.get(rows).unwrap_or_default();
                let places: Vec<_> = rows.iter().map(|row| row.row()).collect();
                let left = Rows { batches: &sorted.batches, places: &places };
                gather.batch(left, Rows { batches: &[], places: &[] })
            }))
        })
    });
    stream::iter(batches).buffered(threads)
}
