//! Functions that tell how two geometries lie to each other.

mod geometry_above;
mod geometry_below;
mod geometry_contains;
mod geometry_left;
mod geometry_overabove;
mod geometry_overbelow;
mod geometry_overlaps_nd;
mod geometry_overleft;
mod geometry_overright;
mod geometry_right;
mod geometry_same;
mod geometry_within;
mod st_3ddfullywithin;
mod st_3ddwithin;
mod st_3dintersects;
mod st_contains;
mod st_containsproperly;
mod st_coveredby;
mod st_covers;
mod st_cpawithin;
mod st_crosses;
mod st_dfullywithin;
mod st_disjoint;
mod st_dwithin;
mod st_dwithin_spheroid;
mod st_equals;
mod st_hausdorffdwithin;
mod st_intersects;
mod st_intersects_extent;
mod st_issimple;
mod st_isvalid;
mod st_isvalidtrajectory;
mod st_knn;
mod st_linecrossingdirection;
mod st_orderingequals;
mod st_overlaps;
mod st_pointinsidecircle;
mod st_relate;
mod st_relatematch;
mod st_touches;
mod st_within;
mod st_withinproperly;
mod tolerance;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &geometry_above::FUNCTION,
    &geometry_below::FUNCTION,
    &geometry_contains::FUNCTION,
    &geometry_left::FUNCTION,
    &geometry_overabove::FUNCTION,
    &geometry_overbelow::FUNCTION,
    &geometry_overlaps_nd::FUNCTION,
    &geometry_overleft::FUNCTION,
    &geometry_overright::FUNCTION,
    &geometry_right::FUNCTION,
    &geometry_same::FUNCTION,
    &geometry_within::FUNCTION,
    &st_3ddfullywithin::FUNCTION,
    &st_3ddwithin::FUNCTION,
    &st_3dintersects::FUNCTION,
    &st_contains::FUNCTION,
    &st_containsproperly::FUNCTION,
    &st_coveredby::FUNCTION,
    &st_covers::FUNCTION,
    &st_cpawithin::FUNCTION,
    &st_crosses::FUNCTION,
    &st_dfullywithin::FUNCTION,
    &st_disjoint::FUNCTION,
    &st_dwithin::FUNCTION,
    &st_dwithin_spheroid::FUNCTION,
    &st_equals::FUNCTION,
    &st_hausdorffdwithin::FUNCTION,
    &st_intersects::FUNCTION,
    &st_intersects_extent::FUNCTION,
    &st_issimple::FUNCTION,
    &st_isvalid::FUNCTION,
    &st_isvalidtrajectory::FUNCTION,
    &st_knn::FUNCTION,
    &st_linecrossingdirection::FUNCTION,
    &st_orderingequals::FUNCTION,
    &st_overlaps::FUNCTION,
    &st_pointinsidecircle::FUNCTION,
    &st_relate::FUNCTION,
    &st_relatematch::FUNCTION,
    &st_touches::FUNCTION,
    &st_within::FUNCTION,
    &st_withinproperly::FUNCTION,
];
