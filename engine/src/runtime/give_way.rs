//! The rule that lets joins give way: to what else runs, and to the end of their query.

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

use super::interruptible::interruptible;
use crate::queries::Interrupt;

/// Lets joins of the query engine give way.
///
/// Operators that read files do so by themselves, but a join makes any number of batches of one
/// that it has read. What collects them, as an aggregate does, would keep its thread until it is
/// done, and nobody could end the query. A nested-loop join does not even come to a batch for
/// minutes, so its condition gives way as well. The rule belongs behind those that look for joins
/// and their conditions.
#[derive(Debug)]
pub(super) struct MakeJoinsGiveWay;

impl PhysicalOptimizerRule for MakeJoinsGiveWay {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let interrupt = config.extensions.get::<Interrupt>();
        let giving_way = plan.transform_up(|node| {
            if !is_join(&node) {
                return Ok(Transformed::no(node));
            }
            let looped = node.downcast_ref::<NestedLoopJoinExec>();
            let join = match (looped, interrupt) {
                (Some(join), Some(interrupt)) => interruptible(join, interrupt)?,
                _ => None,
            };
            let join = join.unwrap_or(node);
            Ok(Transformed::yes(Arc::new(CooperativeExec::new(join)) as _))
        })?;
        Ok(giving_way.data)
    }

    fn name(&self) -> &'static str {
        "make_joins_give_way"
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
