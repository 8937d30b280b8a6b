//! The rule that lets joins share the sides they collect: with others of the plan, and of later
//! plans.

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
use crate::nearest::{NearestJoinExec, Objects};
use crate::shared::MadeOnce;

/// Lets spatial joins that collect the same rows of the same files collect them once, and keeps
/// the rows for later plans.
///
/// A plan with a shared side must be run as it is, so this rule belongs behind all others.
#[derive(Debug)]
pub struct ShareBuildSides {
    cache: Arc<JoinCache>,
    manner_of: MannerOf,
}

impl ShareBuildSides {
    /// Returns the rule that keeps sides in a cache.
    pub fn new(cache: Arc<JoinCache>, manner_of: MannerOf) -> Self {
        Self { cache, manner_of }
    }

    /// Returns where a side is kept, if it may be.
    fn keeping(&self, identity: Arc<Identity>, has_runs: bool) -> Option<Keeping> {
        if self.cache.is_off() || !identity.lasts() {
            return None;
        }
        Some(Keeping::new(&self.cache, Key { identity, has_runs }))
    }

    /// Returns a join over rows that others can share; nothing for what is no join, or one whose
    /// side cannot be that of others.
    fn shared(
        &self,
        node: &Arc<dyn ExecutionPlan>,
        known: &mut Known,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        if let Some(join) = node.downcast_ref::<SpatialJoinExec>() {
            let Some(identity) = join.left_identity(self.manner_of) else { return Ok(None) };
            let (identity, rows) = first(&mut known.joined, identity, join.rows());
            let keeping = self.keeping(identity, join.has_runs());
            return Ok(Some(Arc::new(join.sharing(rows, keeping)?)));
        }
        if let Some(join) = node.downcast_ref::<NearestJoinExec>() {
            let Some(identity) = join.right_identity(self.manner_of) else { return Ok(None) };
            let (identity, objects) = first(&mut known.nearest, identity, join.objects());
            let keeping = self.keeping(identity, false);
            return Ok(Some(Arc::new(join.sharing(objects, keeping))));
        }
        Ok(None)
    }
}

/// The sides of a plan that are told apart, by what they are collected for.
#[derive(Default)]
struct Known {
    joined: Sides<BuildRows>,
    nearest: Sides<Objects>,
}

type Sides<T> = Vec<(Arc<Identity>, Arc<MadeOnce<T>>)>;

/// Returns the first side that is the same as another one, which is this one if there is none.
fn first<T>(
    sides: &mut Sides<T>,
    identity: Identity,
    rows: &Arc<MadeOnce<T>>,
) -> (Arc<Identity>, Arc<MadeOnce<T>>) {
    if let Some((known, rows)) = sides.iter().find(|(known, _)| **known == identity) {
        return (Arc::clone(known), Arc::clone(rows));
    }
    let identity = Arc::new(identity);
    sides.push((Arc::clone(&identity), Arc::clone(rows)));
    (identity, Arc::clone(rows))
}

impl PhysicalOptimizerRule for ShareBuildSides {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let mut known = Known::default();
        let shared = plan.transform_up(|node| {
            Ok(match self.shared(&node, &mut known)? {
                Some(shared) => Transformed::yes(shared),
                None => Transformed::no(node),
            })
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
