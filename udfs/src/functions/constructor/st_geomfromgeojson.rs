//! `ST_GeomFromGeoJSON`: a geometry read from GeoJSON.

use godwit_geometry::geojson;

use crate::function::{Argument, Category, CrsRule, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeomFromGeoJSON",
    category: Category::Constructor,
    summary: "Returns the geometry that a GeoJSON geometry object describes.",
    notes: "The result is in longitude and latitude on WGS 84, as GeoJSON demands, unless the text \
            is a literal with a `crs` member. Features are not read.",
    example: r#"SELECT ST_AsText(ST_GeomFromGeoJSON('{"type":"Point","coordinates":[1,2]}'))"#,
    overloads: &[Overload {
        arguments: &[Argument::text("json", "The GeoJSON.")],
        crs: CrsRule::GeoJson,
        evaluate: |arguments| arguments.text(0)?.map_bytes(geojson::parse),
        ..Overload::BASE
    }],
    ..Function::BASE
};
