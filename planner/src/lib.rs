//! Optimizer rules and physical operators for spatial queries.
//!
//! Which function means which relation is known to `godwit_geometry::Relation`; this crate knows
//! no other function name.

mod bounds;
mod constant_union;
mod cut;
mod fence;
mod gather;
mod join;
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
mod wide_rows;

use std::sync::Arc;

use datafusion::optimizer::OptimizerRule;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;

pub use bounds::ProbeBounds;
pub use constant_union::UseValues;
pub use join::{
    ShareBuildSides, SpatialGroupJoinExec, SpatialJoinExec, UseSpatialGroupJoin, UseSpatialJoin,
};
pub use nearest::{NearestJoinExec, UseNearestJoin};
pub use queries::PlanQueries;
pub use sort::KeySortExec;
pub use spool::ShareSpools;
pub use unnest::{
    UnnestLateral, is_correlated, is_simple, is_simple_total, outer_columns, subquery_of,
};

/// Returns the rules to put before those of the query engine, in order.
pub fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    vec![Arc::new(UseNearestJoin), Arc::new(UnnestLateral), Arc::new(UseValues)]
}

/// Returns the rules of the query engine with the rules around them, in order.
pub fn physical_optimizer_rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let first: Arc<dyn PhysicalOptimizerRule + Send + Sync> = Arc::new(join::LookUpKeysAndBoxes);
    let mut rules = vec![first, Arc::new(fence::PutFences)];
    rules.extend(PhysicalOptimizer::new().rules);
    rules.extend::<[Arc<dyn PhysicalOptimizerRule + Send + Sync>; 6]>([
        Arc::new(fence::TakeFencesAway),
        Arc::new(UseSpatialJoin),
        Arc::new(UseSpatialGroupJoin),
        Arc::new(cut::CutFiles),
        Arc::new(wide_rows::ReadWideRowsInSmallBatches),
        Arc::new(sort::UseKeySort),
    ]);
    rules
}
