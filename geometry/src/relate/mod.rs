//! Spatial relations of two geometries: the DE-9IM matrix and the predicates on it.
//!
//! The predicates are decided on exact signs: no coordinate is computed and rounded, except
//! where three or more edges of a collection cross in a position that is no vertex. Positions
//! count as those of the union of all parts, so collections may overlap themselves. Heights and
//! measures are ignored.

mod arrangement;
mod engine;
mod intersects;
mod matrix;
mod node;
mod predicates;

pub use arrangement::BoundaryRule;
pub use matrix::Matrix;
pub use predicates::{
    contains, contains_properly, covered_by, covers, crosses, disjoint, equals, intersects,
    overlaps, relate, relate_with, touches, within,
};

pub(crate) use arrangement::{Arrangement, Side};
pub(crate) use node::meet;
