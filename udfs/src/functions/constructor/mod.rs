//! Functions that make geometries of numbers, text, bytes and other geometries.

mod boundary_area;
mod corner;
mod geohash_cell;
mod grid_cell;
mod st_3dmakebox;
mod st_bdmpolyfromtext;
mod st_bdpolyfromtext;
mod st_box2dfromgeohash;
mod st_collect;
mod st_geogfromgeohash;
mod st_geogpointfromgeohash;
mod st_geomcollfromtext;
mod st_geomcollfromwkb;
mod st_geomfromewkt;
mod st_geomfromgeohash;
mod st_geomfromgeojson;
mod st_geomfromgml;
mod st_geomfromhexewkb;
mod st_geomfromkml;
mod st_geomfrommarc21;
mod st_geomfromtext;
mod st_geomfromtwkb;
mod st_geomfromwkb;
mod st_geomfromwkbunchecked;
mod st_hexagon;
mod st_linefromencodedpolyline;
mod st_linefrommultipoint;
mod st_linefromtext;
mod st_linefromwkb;
mod st_makebox2d;
mod st_makeenvelope;
mod st_makeline;
mod st_makepoint;
mod st_makepointm;
mod st_makepolygon;
mod st_mlinefromtext;
mod st_mlinefromwkb;
mod st_mpointfromtext;
mod st_mpointfromwkb;
mod st_mpolyfromtext;
mod st_mpolyfromwkb;
mod st_point;
mod st_pointfromgeohash;
mod st_pointfromtext;
mod st_pointfromwkb;
mod st_pointm;
mod st_pointz;
mod st_pointzm;
mod st_polygon;
mod st_polygonfromtext;
mod st_polygonfromwkb;
mod st_square;
mod st_tileenvelope;
mod to_geometry;
mod try_to_geometry;
mod typed;

pub(super) use st_collect::collection_of;
pub(super) use st_geomfromwkb::canonical_rows;
pub(super) use st_makeline::line_through;

use crate::function::Function;

/// The functions of this category.
pub(super) static FUNCTIONS: &[&Function] = &[
    &st_3dmakebox::FUNCTION,
    &st_bdmpolyfromtext::FUNCTION,
    &st_bdpolyfromtext::FUNCTION,
    &st_box2dfromgeohash::FUNCTION,
    &st_collect::FUNCTION,
    &st_geogfromgeohash::FUNCTION,
    &st_geogpointfromgeohash::FUNCTION,
    &st_geomcollfromtext::FUNCTION,
    &st_geomcollfromwkb::FUNCTION,
    &st_geomfromewkt::FUNCTION,
    &st_geomfromgeohash::FUNCTION,
    &st_geomfromgeojson::FUNCTION,
    &st_geomfromgml::FUNCTION,
    &st_geomfromhexewkb::FUNCTION,
    &st_geomfromkml::FUNCTION,
    &st_geomfrommarc21::FUNCTION,
    &st_geomfromtext::FUNCTION,
    &st_geomfromtwkb::FUNCTION,
    &st_geomfromwkb::FUNCTION,
    &st_geomfromwkbunchecked::FUNCTION,
    &st_hexagon::FUNCTION,
    &st_linefromencodedpolyline::FUNCTION,
    &st_linefrommultipoint::FUNCTION,
    &st_linefromtext::FUNCTION,
    &st_linefromwkb::FUNCTION,
    &st_makebox2d::FUNCTION,
    &st_makeenvelope::FUNCTION,
    &st_makeline::FUNCTION,
    &st_makepoint::FUNCTION,
    &st_makepointm::FUNCTION,
    &st_makepolygon::FUNCTION,
    &st_mlinefromtext::FUNCTION,
    &st_mlinefromwkb::FUNCTION,
    &st_mpointfromtext::FUNCTION,
    &st_mpointfromwkb::FUNCTION,
    &st_mpolyfromtext::FUNCTION,
    &st_mpolyfromwkb::FUNCTION,
    &st_point::FUNCTION,
    &st_pointfromgeohash::FUNCTION,
    &st_pointfromtext::FUNCTION,
    &st_pointfromwkb::FUNCTION,
    &st_pointm::FUNCTION,
    &st_pointz::FUNCTION,
    &st_pointzm::FUNCTION,
    &st_polygon::FUNCTION,
    &st_polygonfromtext::FUNCTION,
    &st_polygonfromwkb::FUNCTION,
    &st_square::FUNCTION,
    &st_tileenvelope::FUNCTION,
    &to_geometry::FUNCTION,
    &try_to_geometry::FUNCTION,
];
