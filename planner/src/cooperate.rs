//! The rule that lets joins give way to what else runs.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::joins::{
    CrossJoinExec, HashJoinExec, NestedLoopJoinExec, SortMergeJoinExec,
};

/// Lets joins of the query engine give way to what else runs.
///
/// Operators that read files do so by themselves, but a join makes any number of batches of one
/// that it has read. What collects them, as an aggregate does, would keep its thread until it is
/// done: nobody could end the query, and with one such query for each thread nobody could even
/// connect. The rule belongs behind those that look for joins.
#[derive(Debug, Default)]
pub(crate) struct MakeJoinsCooperative;

impl PhysicalOptimizerRule for MakeJoinsCooperative {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let cooperative = plan.transform_up(|node| {
            if is_join(&node) {
                return Ok(Transformed::yes(Arc::new(CooperativeExec::new(node)) as _));
            }
            Ok(Transformed::no(node))
        })?;
        Ok(cooperative.data)
    }

    fn name(&self) -> &'static str {
        "make_joins_cooperative"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

fn is_join(node: &Arc<dyn ExecutionPlan>) -> bool {
    node.is::<CrossJoinExec>()
        || node.is::<HashJoinExec>()
        || node.is::<NestedLoopJoinExec>()
        || node.is::<SortMergeJoinExec>()
}
