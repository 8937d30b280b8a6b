//! Functions that read, set and change reference systems.

mod st_crs;
mod st_estimatesrid;
mod st_inversetransformpipeline;
mod st_setcrs;
mod st_setsrid;
mod st_srid;
mod st_transform;
mod st_transformpipeline;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &st_crs::FUNCTION,
    &st_estimatesrid::FUNCTION,
    &st_inversetransformpipeline::FUNCTION,
    &st_setcrs::FUNCTION,
    &st_setsrid::FUNCTION,
    &st_srid::FUNCTION,
    &st_transform::FUNCTION,
    &st_transformpipeline::FUNCTION,
];
