//! Which input of a join is collected when their sizes are not known to the query engine.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig};
use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::joins::{NestedLoopJoinExec, NestedLoopJoinExecBuilder};
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties as _, Partitioning};

/// How many times larger the files of the left side must be for the sides to be exchanged.
const MUCH_LARGER: u64 = 4;

/// Returns the join with its inputs exchanged, if the left one is read from much larger files.
///
/// When both inputs have statistics the planner has chosen already. Text files have none, and a
/// join collects its left input, however large it was written there.
pub(super) fn exchange(join: &NestedLoopJoinExec) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let (left, right) = (join.left(), join.right());
    let (Some(left_size), Some(right_size)) = (file_bytes(left), file_bytes(right)) else {
        return Ok(None);
    };
    let is_larger = left_size / MUCH_LARGER > right_size;
    if !is_larger || !join.join_type().supports_swap() || (is_counted(left) && is_counted(right)) {
        return Ok(None);
    }
    // The new right side is read in as many partitions as the old one, which what stands above
    // the join has been planned for.
    let partition_count = right.output_partitioning().partition_count();
    let streamed = spread(without_coalescing(left), partition_count)?;
    let collected = collect(without_spreading(right));
    let join = NestedLoopJoinExecBuilder::new(streamed, collected, *join.join_type())
        .with_filter(join.filter().cloned())
        .with_projection_ref(join.projection().clone())
        .build()?;
    join.swap_inputs().map(Some)
}

/// Returns the size of the files that a plan reads, if it reads nothing else.
fn file_bytes(plan: &Arc<dyn ExecutionPlan>) -> Option<u64> {
    let children = plan.children();
    if !children.is_empty() {
        return children.into_iter().map(file_bytes).sum();
    }
    let scan = plan.downcast_ref::<DataSourceExec>()?;
    let config = scan.data_source().downcast_ref::<FileScanConfig>()?;
    let files = config.file_groups.iter().flat_map(FileGroup::files);
    let size = files.map(|file| match &file.range {
        Some(range) => u64::try_from(range.end - range.start).unwrap_or(0),
        None => file.object_meta.size,
    });
    Some(size.sum())
}

/// Returns whether the planner knows how large the output of a plan is.
fn is_counted(plan: &Arc<dyn ExecutionPlan>) -> bool {
    let statistics = StatisticsContext::new().compute(plan.as_ref(), &StatisticsArgs::new());
    statistics.is_ok_and(|statistics| {
        statistics.total_byte_size.get_value().is_some()
            || statistics.num_rows.get_value().is_some()
    })
}

fn without_coalescing(plan: &Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
    match plan.downcast_ref::<CoalescePartitionsExec>() {
        Some(coalesce) if coalesce.fetch().is_none() => Arc::clone(coalesce.input()),
        _ => Arc::clone(plan),
    }
}

fn without_spreading(plan: &Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
    match plan.downcast_ref::<RepartitionExec>() {
        Some(spread) if matches!(spread.partitioning(), Partitioning::RoundRobinBatch(_)) => {
            Arc::clone(spread.input())
        }
        _ => Arc::clone(plan),
    }
}

fn spread(plan: Arc<dyn ExecutionPlan>, partition_count: usize) -> Result<Arc<dyn ExecutionPlan>> {
    if plan.output_partitioning().partition_count() == partition_count {
        return Ok(plan);
    }
    let partitioning = Partitioning::RoundRobinBatch(partition_count);
    Ok(Arc::new(RepartitionExec::try_new(plan, partitioning)?))
}

fn collect(plan: Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
    if plan.output_partitioning().partition_count() == 1 {
        return plan;
    }
    Arc::new(CoalescePartitionsExec::new(plan))
}
