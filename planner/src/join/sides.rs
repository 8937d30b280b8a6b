//! Which input of a join is collected.

use std::sync::Arc;

use datafusion::common::{JoinType, Result};
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig};
use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::joins::{NestedLoopJoinExec, NestedLoopJoinExecBuilder};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};
use datafusion::physical_plan::{
    ChildrenPropertiesMode, ExecutionPlan, ExecutionPlanProperties as _, Partitioning,
    ReplaceChildrenOptions,
};

/// How many times larger the left side must be for the sides to be exchanged.
const MUCH_LARGER: u64 = 4;

/// Returns the join with its inputs exchanged, if the left one has many more rows than the right
/// one or, where rows are not known, is read from much larger files.
///
/// A join collects its left input, however large it was written there. The planner has looked at
/// bytes; but many points against few polygons are best compared with the polygons collected, and
/// it knows no number of rows for what comes out of another spatial join.
pub(super) fn exchange(join: &NestedLoopJoinExec) -> Result<Option<Arc<dyn ExecutionPlan>>> {
    let (left, right) = (join.left(), join.right());
    if !join.join_type().supports_swap() || !is_much_larger(left, right) {
        return Ok(None);
    }
    // The new right side is read in as many partitions as the old one, which what stands above
    // the join has been planned for.
    let partition_count = right.output_partitioning().partition_count();
    let streamed = spread(without_coalescing(left)?, partition_count)?;
    let collected = collect(without_spreading(right)?);
    let join = NestedLoopJoinExecBuilder::new(streamed, collected, *join.join_type())
        .with_filter(join.filter().cloned())
        .with_projection_ref(join.projection().clone())
        .build()?;
    join.swap_inputs().map(Some)
}

fn is_much_larger(left: &Arc<dyn ExecutionPlan>, right: &Arc<dyn ExecutionPlan>) -> bool {
    if let (Some(left), Some(right)) = (row_count(left), row_count(right)) {
        return left / MUCH_LARGER > right;
    }
    match (file_bytes(left), file_bytes(right)) {
        (Some(left_bytes), Some(right_bytes)) => {
            left_bytes / MUCH_LARGER > right_bytes && !(is_counted(left) && is_counted(right))
        }
        _ => false,
    }
}

/// Returns about how many rows a plan gives, if that is known.
fn row_count(plan: &Arc<dyn ExecutionPlan>) -> Option<u64> {
    if let Some(join) = plan.downcast_ref::<NestedLoopJoinExec>() {
        let (left, right) = (row_count(join.left())?, row_count(join.right())?);
        return Some(match join.join_type() {
            JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => left,
            JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => right,
            // Most geometries meet about one of the other side.
            _ => left.max(right),
        });
    }
    let is_passed_on = plan.is::<ProjectionExec>()
        || plan.is::<CoalescePartitionsExec>()
        || plan.is::<RepartitionExec>();
    if let ([input], true) = (plan.children().as_slice(), is_passed_on) {
        return row_count(input);
    }
    let statistics = StatisticsContext::new().compute(plan.as_ref(), &StatisticsArgs::new());
    let row_count = statistics.ok()?.num_rows.get_value().copied()?;
    u64::try_from(row_count).ok()
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

/// Returns the plan with all partitions that are put together at its top, or below a projection.
fn without_coalescing(plan: &Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    below_projections(plan, |plan| {
        let coalesce = plan.downcast_ref::<CoalescePartitionsExec>()?;
        coalesce.fetch().is_none().then(|| coalesce.input())
    })
}

/// Returns the plan without the spreading of its rows over more partitions at its top, or below a
/// projection.
pub(super) fn without_spreading(plan: &Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    below_projections(plan, |plan| {
        let spread = plan.downcast_ref::<RepartitionExec>()?;
        matches!(spread.partitioning(), Partitioning::RoundRobinBatch(_)).then(|| spread.input())
    })
}

/// Returns the plan with its input in the place of the first operator that is no projection, if
/// that operator can be left out.
fn below_projections(
    plan: &Arc<dyn ExecutionPlan>,
    input: impl Fn(&Arc<dyn ExecutionPlan>) -> Option<&Arc<dyn ExecutionPlan>>,
) -> Result<Arc<dyn ExecutionPlan>> {
    if let Some(projection) = plan.downcast_ref::<ProjectionExec>() {
        let below = below_projections(projection.input(), input)?;
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        return Arc::clone(plan).replace_children(vec![below], options);
    }
    Ok(Arc::clone(input(plan).unwrap_or(plan)))
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
