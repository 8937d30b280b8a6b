//! Limits that aggregates of distinct rows were told of before the order of their input was known.
//!
//! Such an aggregate may stop once it has as many rows as the limit above it lets through. When its
//! input turns out to be sorted it runs in another way, which asks for the direction of the order
//! and fails without one. The limit itself stands above and stays.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::aggregates::AggregateExec;

/// Lets aggregates forget a limit that they cannot heed.
///
/// It belongs behind the rules that sort the inputs of operators.
#[derive(Debug)]
pub(crate) struct ForgetLimits;

impl PhysicalOptimizerRule for ForgetLimits {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let unlimited = plan.transform_up(|node| match node.downcast_ref::<AggregateExec>() {
            Some(aggregate) if has_idle_limit(aggregate) => {
                Ok(Transformed::yes(Arc::new(aggregate.with_new_limit_options(None)) as _))
            }
            _ => Ok(Transformed::no(node)),
        })?;
        Ok(unlimited.data)
    }

    fn name(&self) -> &'static str {
        "forget_limits"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns whether an aggregate knows of a limit without an order, and reads sorted rows.
fn has_idle_limit(aggregate: &AggregateExec) -> bool {
    let limit = aggregate.limit_options();
    limit.is_some_and(|limit| limit.descending().is_none())
        && !aggregate.is_unordered_unfiltered_group_by_distinct()
}
