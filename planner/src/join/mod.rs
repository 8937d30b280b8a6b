//! The spatial join: a join whose condition relates two geometries.
//!
//! The left side is collected and indexed by its bounding boxes in a packed R-tree, or one for
//! each key when the condition wants columns of the two sides equal. Each row of
//! the right side looks up the left rows whose boxes meet its own, and only these pairs are
//! compared exactly, with the larger geometry of a pair prepared once for all its pairs, but
//! polygons that few points come near, whose edges are looked through run by run. What
//! else the condition asks for is evaluated on the pairs that are left; where it only compares
//! values and the geometries are more than points, before they are compared.
//!
//! What is collected of files is known by them, and so serves other joins of the plan and of later
//! queries that collect the same.

mod build;
mod cache;
mod collected;
mod compare;
mod content;
mod definition;
mod exec;
mod grouped;
mod identity;
mod keyed;
mod keys;
mod lasting;
mod lookup;
mod metrics;
mod output;
mod parts;
mod pending;
mod places;
mod predicate;
mod publish;
mod refine;
mod residual;
mod rule;
mod share;
mod sides;
mod stream;
mod surface;

#[cfg(test)]
mod tests;

pub(crate) use build::{basic, external, geometries};
pub use cache::JoinCache;
pub(crate) use cache::{Collected, Keeping};
pub use content::{Manner, MannerOf};
pub use exec::SpatialJoinExec;
pub use grouped::SpatialGroupJoinExec;
pub(crate) use grouped::UseSpatialGroupJoin;
pub(crate) use identity::{Form, Identity};
pub(crate) use keyed::LookUpKeysAndBoxes;
pub(crate) use rule::UseSpatialJoin;
pub use share::ShareBuildSides;
pub(crate) use surface::Surface;
