//! Plane geometry that the algorithms share: a decoded form of a geometry, exact orientation,
//! segment intersection, and an index over edges.

mod exact;
mod locate;
mod segment;
mod shape;
mod tree;

pub(crate) use exact::{compare_directions, crossing_point, orient};
pub(crate) use locate::{Containers, Location, Ray, crosses_ray, each_edge, locate, locate_bytes};
pub(crate) use segment::{
    NEARNESS_MARGIN, closest_on_segment, distance_squared, may_be_nearer, on_segment,
    perpendicular_squared, segment_distance, segment_distance_squared,
};
pub(crate) use shape::{Key, Path, Role, Shape, key, signed_area};
pub(crate) use tree::EdgeTree;

/// A position: x and y.
pub(crate) type Xy = [f64; 2];
