//! Functions that measure lengths, areas, distances and angles.

mod densify;
mod geometry_distance_box;
mod haversine;
mod st_3darea;
mod st_3dclosestpoint;
mod st_3ddistance;
mod st_3dlength;
mod st_3dlongestline;
mod st_3dmaxdistance;
mod st_3dperimeter;
mod st_3dshortestline;
mod st_angle;
mod st_area;
mod st_areaspheroid;
mod st_azimuth;
mod st_closestpoint;
mod st_closestpointofapproach;
mod st_distance;
mod st_distancecpa;
mod st_distancesphere;
mod st_distancespheroid;
mod st_frechetdistance;
mod st_hausdorffdistance;
mod st_length;
mod st_lengthspheroid;
mod st_longestline;
mod st_maxdistance;
mod st_minimumclearance;
mod st_minimumclearanceline;
mod st_perimeter;
mod st_perimeterspheroid;
mod st_shortestline;
mod st_volume;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &geometry_distance_box::FUNCTION,
    &haversine::FUNCTION,
    &st_3darea::FUNCTION,
    &st_3dclosestpoint::FUNCTION,
    &st_3ddistance::FUNCTION,
    &st_3dlength::FUNCTION,
    &st_3dlongestline::FUNCTION,
    &st_3dmaxdistance::FUNCTION,
    &st_3dperimeter::FUNCTION,
    &st_3dshortestline::FUNCTION,
    &st_angle::FUNCTION,
    &st_area::FUNCTION,
    &st_areaspheroid::FUNCTION,
    &st_azimuth::FUNCTION,
    &st_closestpoint::FUNCTION,
    &st_closestpointofapproach::FUNCTION,
    &st_distance::FUNCTION,
    &st_distancecpa::FUNCTION,
    &st_distancesphere::FUNCTION,
    &st_distancespheroid::FUNCTION,
    &st_frechetdistance::FUNCTION,
    &st_hausdorffdistance::FUNCTION,
    &st_length::FUNCTION,
    &st_lengthspheroid::FUNCTION,
    &st_longestline::FUNCTION,
    &st_maxdistance::FUNCTION,
    &st_minimumclearance::FUNCTION,
    &st_minimumclearanceline::FUNCTION,
    &st_perimeter::FUNCTION,
    &st_perimeterspheroid::FUNCTION,
    &st_shortestline::FUNCTION,
    &st_volume::FUNCTION,
];
