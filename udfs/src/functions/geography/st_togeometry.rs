//! `ST_ToGeometry`: a value as a geometry.

use std::sync::Arc;

use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};
use crate::functions::constructor::canonical_rows;
use crate::literal::read_geometry_text;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ToGeometry",
    aliases: &["geometry"],
    category: Category::Constructor,
    summary: "Returns a geography, WKB or text as a geometry in the plane.",
    notes: "Coordinates and the reference system of a geography stay as they are. Text may be \
            WKT, EWKT, hexadecimal WKB or GeoJSON.",
    example: "SELECT ST_Length(ST_ToGeometry(ST_GeogFromText('LINESTRING(0 0, 0 1)')))",
    parity: Parity::Extension("PostGIS writes `geog::geometry`, which works here as well."),
    overloads: &[
        Overload {
            arguments: &[Argument::geometry("geom", "The geometry.")],
            passes: Some(0),
            evaluate: canonical_rows,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::geography("geog", "The geography.")],
            passes: Some(0),
            evaluate: |arguments| arguments.array(0).map(Arc::clone),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("text", "The text.")],
            returns: Type::Geometry,
            crs: CrsRule::Text(1),
            evaluate: |arguments| {
                arguments.text(0)?.map_bytes(|text| read_geometry_text(text).map(|(wkb, _)| wkb))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
