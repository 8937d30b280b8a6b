//! Geographies: functions that make them, and what functions of geometries do with them.
//!
//! A geography is WKB like a geometry; that its lines are the shortest ones on the earth is said
//! by the field of its column. A call with a geography takes an overload listed here, so no other
//! function needs to know of them.

mod constructed;
mod figure;
mod s2_cellidfrompoint;
mod s2_coveringcellids;
mod st_area;
mod st_azimuth;
mod st_buffer;
mod st_centroid;
mod st_closestpoint;
mod st_coveredby;
mod st_covers;
mod st_distance;
mod st_dwithin;
mod st_geogfromgeojson;
mod st_geogfromtext;
mod st_geogfromwkb;
mod st_geogpoint;
mod st_intersection;
mod st_intersects;
mod st_intersects_extent;
mod st_knn;
mod st_length;
mod st_lineinterpolatepoint;
mod st_lineinterpolatepoints;
mod st_linelocatepoint;
mod st_linesubstring;
mod st_perimeter;
mod st_project;
mod st_segmentize;
mod st_shortestline;
mod st_togeography;
mod st_togeometry;
mod try_to_geography;

use crate::function::{Category, Function, Overload};

/// The functions that make geographies, turn them back into geometries, or take nothing else.
pub(super) static FUNCTIONS: &[&Function] = &[
    &s2_cellidfrompoint::FUNCTION,
    &s2_coveringcellids::FUNCTION,
    &st_geogfromgeojson::FUNCTION,
    &st_geogfromtext::FUNCTION,
    &st_geogfromwkb::FUNCTION,
    &st_geogpoint::FUNCTION,
    &st_togeography::FUNCTION,
    &st_togeometry::FUNCTION,
    &try_to_geography::FUNCTION,
];

/// What functions do with geographies, by title.
static OVERLOADS: &[(&str, &[Overload])] = &[
    ("ST_Area", st_area::OVERLOADS),
    ("ST_Azimuth", st_azimuth::OVERLOADS),
    ("ST_Buffer", st_buffer::OVERLOADS),
    ("ST_Centroid", st_centroid::OVERLOADS),
    ("ST_ClosestPoint", st_closestpoint::OVERLOADS),
    ("ST_CoveredBy", st_coveredby::OVERLOADS),
    ("ST_Covers", st_covers::OVERLOADS),
    ("ST_Distance", st_distance::OVERLOADS),
    ("ST_DWithin", st_dwithin::OVERLOADS),
    ("ST_Intersection", st_intersection::OVERLOADS),
    ("ST_Intersects", st_intersects::OVERLOADS),
    ("ST_Intersects_Extent", st_intersects_extent::OVERLOADS),
    ("ST_KNN", st_knn::OVERLOADS),
    ("ST_Length", st_length::OVERLOADS),
    ("ST_LineInterpolatePoint", st_lineinterpolatepoint::OVERLOADS),
    ("ST_LineInterpolatePoints", st_lineinterpolatepoints::OVERLOADS),
    ("ST_LineLocatePoint", st_linelocatepoint::OVERLOADS),
    ("ST_LineSubstring", st_linesubstring::OVERLOADS),
    ("ST_Perimeter", st_perimeter::OVERLOADS),
    ("ST_Project", st_project::OVERLOADS),
    ("ST_Segmentize", st_segmentize::OVERLOADS),
    ("ST_ShortestLine", st_shortestline::OVERLOADS),
];

/// Functions of the categories that take geographies as they are which look at edges all the
/// same.
const WITH_EDGES: [&str; 16] = [
    "ST_Envelope",
    "ST_XMin",
    "ST_XMax",
    "ST_YMin",
    "ST_YMax",
    "ST_IsSimple",
    "ST_IsValid",
    "ST_IsValidDetail",
    "ST_IsValidReason",
    "ST_IsRing",
    "ST_IsConvex",
    "ST_IsPolygonCW",
    "ST_IsPolygonCCW",
    "ST_Boundary",
    "ST_BoundingDiagonal",
    "ST_MinimumClearance",
];

/// Functions of reference systems that leave coordinates alone.
const WITHOUT_EDGES: [&str; 4] = ["ST_CRS", "ST_SetCRS", "ST_SetSRID", "ST_SRID"];

/// Returns what a function does with geographies.
pub(crate) fn overloads(title: &str) -> &'static [Overload] {
    OVERLOADS.iter().find(|(name, _)| *name == title).map_or(&[], |(_, overloads)| *overloads)
}

/// Returns whether a function of geometries is wrong about geographies, because it takes their
/// edges for straight.
pub(crate) fn edges_matter(function: &Function) -> bool {
    match function.category {
        Category::Accessor | Category::Output => WITH_EDGES.contains(&function.title),
        Category::ReferenceSystem => !WITHOUT_EDGES.contains(&function.title),
        Category::H3 => false,
        _ => true,
    }
}
