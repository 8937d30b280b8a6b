//! Optimizer rules and physical operators for spatial queries.
//!
//! Which function means which relation is known to `godwit_geometry::Relation`; this crate knows
//! no other function name.

mod bounds;
mod join;

use std::sync::Arc;

use datafusion::physical_optimizer::PhysicalOptimizerRule;

pub use bounds::ProbeBounds;
pub use join::{SpatialJoinExec, UseSpatialJoin};

/// Returns the rules to append to those of the query engine, in order.
pub fn physical_optimizer_rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    vec![Arc::new(UseSpatialJoin)]
}
