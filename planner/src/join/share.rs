//! The rule that lets joins share their left sides: with others of the plan, and of later plans.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;

use super::SpatialJoinExec;
use super::build::BuildRows;
use super::cache::{JoinCache, Keeping, Key};
use super::content::MannerOf;
use super::identity::Identity;
use crate::shared::MadeOnce;

/// Lets spatial joins that collect the same rows of the same files collect them once, and keeps
/// the rows for later plans.
///
/// A plan with a shared left side must be run as it is, so this rule belongs behind all others.
#[derive(Debug)]
pub struct ShareBuildSides {
    cache: Arc<JoinCache>,
    manner_of: MannerOf,
}

impl ShareBuildSides {
    /// Returns the rule that keeps left sides in a cache.
    pub fn new(cache: Arc<JoinCache>, manner_of: MannerOf) -> Self {
        Self { cache, manner_of }
    }

    /// Returns where a left side is kept, if it may be.
    fn keeping(&self, join: &SpatialJoinExec, identity: &Arc<Identity>) -> Option<Keeping> {
        if self.cache.is_off() || !identity.lasts() {
            return None;
        }
        let key = Key { identity: Arc::clone(identity), has_runs: join.has_runs() };
        Some(Keeping::new(&self.cache, key))
    }
}

impl PhysicalOptimizerRule for ShareBuildSides {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let mut known: Vec<(Arc<Identity>, Arc<MadeOnce<BuildRows>>)> = Vec::new();
        let shared = plan.transform_up(|node| {
            let Some(join) = node.downcast_ref::<SpatialJoinExec>() else {
                return Ok(Transformed::no(node));
            };
            let Some(identity) = join.left_identity(self.manner_of) else {
                return Ok(Transformed::no(node));
            };
            let found = known.iter().find(|(known, _)| **known == identity).cloned();
            let (identity, rows) = found.unwrap_or_else(|| {
                let first = (Arc::new(identity), Arc::clone(join.rows()));
                known.push(first.clone());
                first
            });
            let keeping = self.keeping(join, &identity);
            let shared: Arc<dyn ExecutionPlan> = Arc::new(join.sharing(rows, keeping)?);
            Ok(Transformed::yes(shared))
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
