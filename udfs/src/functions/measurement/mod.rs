//! Functions that measure lengths, areas, distances and angles.

mod st_area;
mod st_areaspheroid;
mod st_azimuth;
mod st_distance;
mod st_distancesphere;
mod st_distancespheroid;
mod st_length;
mod st_lengthspheroid;
mod st_perimeter;
mod st_perimeterspheroid;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &st_area::FUNCTION,
    &st_areaspheroid::FUNCTION,
    &st_azimuth::FUNCTION,
    &st_distance::FUNCTION,
    &st_distancesphere::FUNCTION,
    &st_distancespheroid::FUNCTION,
    &st_length::FUNCTION,
    &st_lengthspheroid::FUNCTION,
    &st_perimeter::FUNCTION,
    &st_perimeterspheroid::FUNCTION,
];
