//! The rule that brings sorts by keys into a plan.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;

use super::KeySortExec;

/// Replaces whole sorts by numbers and times by sorts by keys.
///
/// The new operator asks the same of its input and promises the same about its output, so the
/// rule belongs behind all others.
#[derive(Debug, Default)]
pub(crate) struct UseKeySort;

impl PhysicalOptimizerRule for UseKeySort {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        // From the top, since a merge is replaced together with the sort below it.
        let replaced = plan.transform_down(|node| match key_sort(&node)? {
            Some(sort) => Ok(Transformed::yes(Arc::new(sort) as _)),
            None => Ok(Transformed::no(node)),
        })?;
        Ok(replaced.data)
    }

    fn name(&self) -> &'static str {
        "use_key_sort"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns what does the same as a node, if it sorts all rows of its input.
fn key_sort(node: &Arc<dyn ExecutionPlan>) -> Result<Option<KeySortExec>> {
    let merge = node.downcast_ref::<SortPreservingMergeExec>();
    let below = merge.map_or(node, SortPreservingMergeExec::input);
    let Some(sort) = below.downcast_ref::<SortExec>() else { return Ok(None) };
    let merges_all =
        merge.is_none_or(|merge| merge.fetch().is_none() && merge.expr() == sort.expr());
    let is_whole = merge.is_some() || sort.properties().partitioning.partition_count() == 1;
    if sort.fetch().is_some() || !merges_all || !is_whole {
        return Ok(None);
    }
    KeySortExec::try_new(sort.expr(), sort.input())
}
