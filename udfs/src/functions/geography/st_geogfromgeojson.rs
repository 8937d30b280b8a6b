//! `ST_GeogFromGeoJSON`: a geography read from GeoJSON.

use godwit_geometry::{Geometry, geodesic, geojson};

use super::constructed::check_text;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeogFromGeoJSON",
    aliases: &["ST_GeographyFromGeoJSON"],
    category: Category::Constructor,
    summary: "Returns the geography that a GeoJSON geometry object describes.",
    notes: "It is in longitude and latitude on WGS 84. Of a feature, the geometry is read.",
    example: r#"SELECT ST_AsText(ST_GeogFromGeoJSON('{"type":"Point","coordinates":[1,2]}'))"#,
    parity: Parity::Extension("Databricks and BigQuery have the function."),
    overloads: &[Overload {
        arguments: &[Argument::text("json", "The GeoJSON.")],
        returns: Type::Geography,
        crs: CrsRule::GeoJson,
        check: check_text,
        evaluate: |arguments| {
            arguments.text(0)?.map_bytes(|text| {
                let wkb = geojson::parse(text)?;
                Ok(geodesic::in_range(Geometry::try_new(&wkb)?).into_owned())
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
