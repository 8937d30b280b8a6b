//! Functions that write geometries as text or bytes.

mod byte_order;
mod feature;
mod st_asbinary;
mod st_asencodedpolyline;
mod st_asewkb;
mod st_asewkt;
mod st_asgeojson;
mod st_asgml;
mod st_ashexewkb;
mod st_ashexwkb;
mod st_askml;
mod st_aslatlontext;
mod st_asmarc21;
mod st_asmvtgeom;
mod st_assvg;
mod st_astext;
mod st_astwkb;
mod st_asx3d;
mod st_geohash;
mod st_quadkey;
mod to_json;
mod to_jsonb;

use crate::function::Function;

pub(crate) use st_asgeojson::geojson_with_crs;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &st_asbinary::FUNCTION,
    &st_asencodedpolyline::FUNCTION,
    &st_asewkb::FUNCTION,
    &st_asewkt::FUNCTION,
    &st_asgeojson::FUNCTION,
    &st_asgml::FUNCTION,
    &st_ashexewkb::FUNCTION,
    &st_ashexwkb::FUNCTION,
    &st_askml::FUNCTION,
    &st_aslatlontext::FUNCTION,
    &st_asmarc21::FUNCTION,
    &st_asmvtgeom::FUNCTION,
    &st_assvg::FUNCTION,
    &st_astext::FUNCTION,
    &st_astwkb::FUNCTION,
    &st_asx3d::FUNCTION,
    &st_geohash::FUNCTION,
    &st_quadkey::FUNCTION,
    &to_json::FUNCTION,
    &to_jsonb::FUNCTION,
];
