//! Functions that make geometries of numbers, text, bytes and other geometries.

mod st_collect;
mod st_geomfromewkt;
mod st_geomfromgeojson;
mod st_geomfromhexewkb;
mod st_geomfromtext;
mod st_geomfromwkb;
mod st_makeenvelope;
mod st_makeline;
mod st_makepoint;
mod st_makepolygon;
mod st_point;
mod st_pointz;

pub(super) use st_collect::collection_of;
pub(super) use st_geomfromwkb::canonical_rows;
pub(super) use st_makeline::line_through;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &st_collect::FUNCTION,
    &st_geomfromewkt::FUNCTION,
    &st_geomfromgeojson::FUNCTION,
    &st_geomfromhexewkb::FUNCTION,
    &st_geomfromtext::FUNCTION,
    &st_geomfromwkb::FUNCTION,
    &st_makeenvelope::FUNCTION,
    &st_makeline::FUNCTION,
    &st_makepoint::FUNCTION,
    &st_makepolygon::FUNCTION,
    &st_point::FUNCTION,
    &st_pointz::FUNCTION,
];
