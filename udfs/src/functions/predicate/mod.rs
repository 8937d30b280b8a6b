//! Functions that tell how two geometries lie to each other.

mod boundary_rule;
mod st_contains;
mod st_containsproperly;
mod st_coveredby;
mod st_covers;
mod st_crosses;
mod st_disjoint;
mod st_dwithin;
mod st_equals;
mod st_intersects;
mod st_overlaps;
mod st_relate;
mod st_touches;
mod st_within;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &st_contains::FUNCTION,
    &st_containsproperly::FUNCTION,
    &st_coveredby::FUNCTION,
    &st_covers::FUNCTION,
    &st_crosses::FUNCTION,
    &st_disjoint::FUNCTION,
    &st_dwithin::FUNCTION,
    &st_equals::FUNCTION,
    &st_intersects::FUNCTION,
    &st_overlaps::FUNCTION,
    &st_relate::FUNCTION,
    &st_touches::FUNCTION,
    &st_within::FUNCTION,
];
