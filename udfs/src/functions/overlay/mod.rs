//! Functions that combine the point sets of geometries.

mod gridded;
mod members;
mod st_clipbybox2d;
mod st_difference;
mod st_intersection;
mod st_node;
mod st_split;
mod st_symdifference;
mod st_unaryunion;
mod st_union;

pub(super) use members::members;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &st_clipbybox2d::FUNCTION,
    &st_difference::FUNCTION,
    &st_intersection::FUNCTION,
    &st_node::FUNCTION,
    &st_split::FUNCTION,
    &st_symdifference::FUNCTION,
    &st_unaryunion::FUNCTION,
    &st_union::FUNCTION,
];
