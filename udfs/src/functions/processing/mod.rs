//! Functions that make a new geometry of one geometry.

mod st_boundary;
mod st_buffer;
mod st_centroid;
mod st_convexhull;
mod st_flipcoordinates;
mod st_force2d;
mod st_hilbert;
mod st_multi;
mod st_pointonsurface;
mod st_simplify;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &st_boundary::FUNCTION,
    &st_buffer::FUNCTION,
    &st_centroid::FUNCTION,
    &st_convexhull::FUNCTION,
    &st_flipcoordinates::FUNCTION,
    &st_force2d::FUNCTION,
    &st_hilbert::FUNCTION,
    &st_multi::FUNCTION,
    &st_pointonsurface::FUNCTION,
    &st_simplify::FUNCTION,
];
