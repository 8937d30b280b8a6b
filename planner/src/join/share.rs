//! The rule that lets joins of a plan share their left sides.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;

use super::SpatialJoinExec;

/// Lets spatial joins that collect the same rows of the same files collect them once.
///
/// A plan with a shared left side must be run as it is, so this rule belongs behind all others.
#[derive(Debug, Default)]
pub struct ShareBuildSides;

impl PhysicalOptimizerRule for ShareBuildSides {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let mut known: Vec<Arc<dyn ExecutionPlan>> = Vec::new();
        let shared = plan.transform_up(|node| {
            let Some(join) = node.downcast_ref::<SpatialJoinExec>() else {
                return Ok(Transformed::no(node));
            };
            let found = known
                .iter()
                .filter_map(|known| known.downcast_ref::<SpatialJoinExec>())
                .find(|known| join.has_rows_of(known));
            if let Some(known) = found {
                let shared: Arc<dyn ExecutionPlan> = Arc::new(join.sharing(known)?);
                return Ok(Transformed::yes(shared));
            }
            known.push(Arc::clone(&node));
            Ok(Transformed::no(node))
        })?;
        Ok(shared.data)
    }

    fn name(&self) -> &'static str {
        "share_build_sides"
    }

    fn schema_check(&self) -> bool {
        true
    }
}
