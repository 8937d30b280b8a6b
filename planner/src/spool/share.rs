//! The rule that lets spools of one name read the same rows.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _, TreeNodeRecursion};
use datafusion::common::{Result, internal_err};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;

use super::SpoolExec;

/// Lets spools of one name read the rows that the first of them has computed.
///
/// A plan with such spools must be run as it is, so this rule belongs behind all others.
#[derive(Debug, Default)]
pub struct ShareSpools;

impl PhysicalOptimizerRule for ShareSpools {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let mut known: HashMap<String, Arc<dyn ExecutionPlan>> = HashMap::new();
        let shared = plan.transform_up(|node| {
            let Some(spool) = node.downcast_ref::<SpoolExec>() else {
                return Ok(Transformed::no(node));
            };
            let first = known.get(spool.spool_name());
            if let Some(first) = first.and_then(|first| first.downcast_ref::<SpoolExec>()) {
                if leaves(first.input())? != leaves(spool.input())? {
                    return internal_err!("spools of one name read other rows");
                }
                let shared: Arc<dyn ExecutionPlan> = Arc::new(spool.sharing(first));
                return Ok(Transformed::yes(shared));
            }
            known.insert(spool.spool_name().to_owned(), Arc::clone(&node));
            Ok(Transformed::no(node))
        })?;
        Ok(shared.data)
    }

    fn name(&self) -> &'static str {
        "share_spools"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Returns the names of the operators that read tables, or nothing at all.
///
/// Whichever of two spools runs first reads for both, so a rule that has changed the input of one
/// of them only has made them differ.
fn leaves(plan: &Arc<dyn ExecutionPlan>) -> Result<Vec<String>> {
    let mut names = Vec::new();
    plan.apply(|node| {
        if node.children().is_empty() {
            names.push(node.name().to_owned());
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    names.sort_unstable();
    Ok(names)
}
