//! Functions that write geometries as text or bytes.

mod byte_order;
mod st_asbinary;
mod st_asewkb;
mod st_asewkt;
mod st_asgeojson;
mod st_ashexewkb;
mod st_ashexwkb;
mod st_astext;
mod st_geohash;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &st_asbinary::FUNCTION,
    &st_asewkb::FUNCTION,
    &st_asewkt::FUNCTION,
    &st_asgeojson::FUNCTION,
    &st_ashexewkb::FUNCTION,
    &st_ashexwkb::FUNCTION,
    &st_astext::FUNCTION,
    &st_geohash::FUNCTION,
];
