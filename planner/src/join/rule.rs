//! The rule that brings spatial joins into a plan.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::{NestedLoopJoinExec, NestedLoopJoinExecBuilder};
use datafusion::physical_plan::projection::ProjectionExec;

use super::SpatialJoinExec;
use super::publish::offer_bounds;
use super::sides::exchange;

/// Replaces nested loop joins whose condition relates two geometries by spatial joins.
///
/// The new operator asks the same of its inputs and promises the same about its output, so the
/// rule belongs behind all others. When the sizes of the inputs are not known it also sees to it
/// that the much larger files are streamed.
#[derive(Debug, Default)]
pub(crate) struct UseSpatialJoin;

impl PhysicalOptimizerRule for UseSpatialJoin {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if !config.optimizer.join_reordering {
            return offer_all(replace_joins(plan)?, config);
        }
        let exchanged = plan.transform_up(|node| {
            let Some(join) = node.downcast_ref::<NestedLoopJoinExec>() else {
                return Ok(Transformed::no(node));
            };
            if SpatialJoinExec::from_nested_loop(join)?.is_none() {
                return Ok(Transformed::no(node));
            }
            match exchange(join)? {
                Some(exchanged) => Ok(Transformed::yes(exchanged)),
                None => Ok(Transformed::no(node)),
            }
        })?;
        offer_all(replace_joins(narrow(exchanged.data)?)?, config)
    }

    fn name(&self) -> &'static str {
        "use_spatial_join"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Lets spatial joins leave out the columns that a projection right above them leaves out.
///
/// The planner does so for the joins it knows, but not for those whose sides were exchanged.
fn narrow(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let narrowed = plan.transform_up(|node| {
        let Some(projection) = node.downcast_ref::<ProjectionExec>() else {
            return Ok(Transformed::no(node));
        };
        let join = projection.input().downcast_ref::<NestedLoopJoinExec>();
        let (Some(join), Some(columns)) = (join, plain_columns(projection)) else {
            return Ok(Transformed::no(node));
        };
        if SpatialJoinExec::from_nested_loop(join)?.is_none() {
            return Ok(Transformed::no(node));
        }
        let columns = match join.projection() {
            Some(own) => columns.iter().filter_map(|column| own.get(*column).copied()).collect(),
            None => columns,
        };
        let narrowed = NestedLoopJoinExecBuilder::from(join).with_projection(Some(columns));
        let narrowed: Arc<dyn ExecutionPlan> = Arc::new(narrowed.build()?);
        if narrowed.schema() != node.schema() {
            return Ok(Transformed::no(node));
        }
        Ok(Transformed::yes(narrowed))
    })?;
    Ok(narrowed.data)
}

/// Returns the columns of a projection that does no more than to choose some.
fn plain_columns(projection: &ProjectionExec) -> Option<Vec<usize>> {
    let columns = projection.expr().iter();
    columns.map(|column| Some(column.expr.downcast_ref::<Column>()?.index())).collect()
}

/// Offers the boxes of one side of every spatial join to the scan of the other.
fn offer_all(
    plan: Arc<dyn ExecutionPlan>,
    config: &ConfigOptions,
) -> Result<Arc<dyn ExecutionPlan>> {
    let offered = plan.transform_up(|node| {
        let Some(join) = node.downcast_ref::<SpatialJoinExec>() else {
            return Ok(Transformed::no(node));
        };
        match offer_bounds(join, config)? {
            Some(join) => Ok(Transformed::yes(Arc::new(join) as _)),
            None => Ok(Transformed::no(node)),
        }
    })?;
    Ok(offered.data)
}

/// Replaces every nested loop join in a plan that a spatial join can do.
pub(super) fn replace_joins(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let replaced = plan.transform_up(|node| {
        let Some(join) = node.downcast_ref::<NestedLoopJoinExec>() else {
            return Ok(Transformed::no(node));
        };
        match SpatialJoinExec::from_nested_loop(join)? {
            Some(join) => Ok(Transformed::yes(Arc::new(join) as _)),
            None => Ok(Transformed::no(node)),
        }
    })?;
    Ok(replaced.data)
}
