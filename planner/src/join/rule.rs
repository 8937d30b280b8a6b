//! The rule that brings spatial joins into a plan.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::NestedLoopJoinExec;

use super::SpatialJoinExec;
use super::publish::offer_bounds;
use super::sides::exchange;

/// Replaces nested loop joins whose condition relates two geometries by spatial joins.
///
/// The new operator asks the same of its inputs and promises the same about its output, so the
/// rule belongs behind all others. When the sizes of the inputs are not known it also sees to it
/// that the much larger files are streamed.
#[derive(Debug, Default)]
pub struct UseSpatialJoin;

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
        offer_all(replace_joins(exchanged.data)?, config)
    }

    fn name(&self) -> &'static str {
        "use_spatial_join"
    }

    fn schema_check(&self) -> bool {
        true
    }
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
