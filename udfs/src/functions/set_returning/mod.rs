//! Functions that make rows.

mod grid;
mod st_dump;
mod st_dumppoints;
mod st_dumprings;
mod st_dumpsegments;
mod st_hexagongrid;
mod st_squaregrid;
mod st_subdivide;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &st_dump::FUNCTION,
    &st_dumppoints::FUNCTION,
    &st_dumprings::FUNCTION,
    &st_dumpsegments::FUNCTION,
    &st_hexagongrid::FUNCTION,
    &st_squaregrid::FUNCTION,
    &st_subdivide::FUNCTION,
];
