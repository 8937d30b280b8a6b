//! Optimizer rules and physical operators: for spatial queries, and for what the query engine would
//! misread or compute too often.
//!
//! Which function means which relation is known to `godwit_geometry::Relation`; this crate knows
//! no other function name, but for those of quotients (`guards`).

mod bounds;
mod cases;
mod conditions;
mod constant_union;
mod cut;
mod fence;
mod gather;
mod guards;
mod join;
mod limits;
mod memory;
mod names;
mod nearest;
mod occupancy;
mod order;
mod queries;
mod shared;
mod sort;
mod spool;
mod tree;
mod unnest;
mod whole_groups;
mod wide_rows;

use std::sync::Arc;

use datafusion::optimizer::{Optimizer, OptimizerRule};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;

pub use bounds::ProbeBounds;
pub use guards::{QUOTIENT, REMAINDER};
pub use join::{
    JoinCache, Manner, MannerOf, ShareBuildSides, SpatialGroupJoinExec, SpatialJoinExec,
};
pub use nearest::NearestJoinExec;
pub use queries::PlanQueries;
pub use sort::KeySortExec;
pub use spool::ShareSpools;
pub use unnest::{
    UnnestLateral, has_simple_form, is_correlated, is_simple, is_simple_total, outer_columns,
    renamed_inside, subquery_of,
};

/// Returns the rules for logical plans: those of the query engine, with others before them.
pub fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let first: Arc<dyn OptimizerRule + Send + Sync> = Arc::new(nearest::UseNearestJoin);
    let mut rules = vec![
        first,
        Arc::new(UnnestLateral),
        Arc::new(constant_union::UseValues),
        Arc::new(cases::KeepCases),
    ];
    for rule in Optimizer::new().rules {
        let is_of_laterals = rule.name() == "decorrelate_lateral_join";
        rules.push(conditions::with_staying_conditions(rule));
        if is_of_laterals {
            rules.push(Arc::new(unnest::RefreshJoins));
        }
    }
    rules
}

/// Returns the rules of the query engine with the rules around them, in order.
pub fn physical_optimizer_rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let first: Arc<dyn PhysicalOptimizerRule + Send + Sync> = Arc::new(join::LookUpKeysAndBoxes);
    let mut rules = vec![
        first,
        Arc::new(fence::PutFences),
        Arc::new(guards::ProjectInOrder),
        Arc::new(guards::HideGuarded),
    ];
    rules.extend(PhysicalOptimizer::new().rules);
    rules.extend::<[Arc<dyn PhysicalOptimizerRule + Send + Sync>; 10]>([
        Arc::new(guards::ShowGuarded),
        Arc::new(limits::ForgetLimits),
        Arc::new(fence::TakeFencesAway),
        Arc::new(join::UseSpatialJoin),
        Arc::new(join::UseSpatialGroupJoin),
        Arc::new(whole_groups::CollectWholeGroups),
        Arc::new(cut::CutFiles),
        Arc::new(wide_rows::ReadWideRowsInSmallBatches),
        Arc::new(sort::UseKeySort),
        Arc::new(guards::FilterInOrder),
    ]);
    rules
}
