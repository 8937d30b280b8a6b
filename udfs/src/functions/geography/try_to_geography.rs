//! `TRY_TO_GEOGRAPHY`: a value as a geography, if it is one.

use godwit_geometry::{Geometry, geodesic};

use super::constructed::read_text;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "TRY_TO_GEOGRAPHY",
    aliases: &["ST_TryToGeography"],
    category: Category::Constructor,
    summary: "Returns WKB or text as a geography, and null when it is none.",
    notes: "Text may be WKT, EWKT, hexadecimal WKB or GeoJSON. The result is in longitude and \
            latitude on WGS 84.",
    example: "SELECT TRY_TO_GEOGRAPHY('POINT(') IS NULL",
    parity: Parity::Extension("Snowflake and Databricks have the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::text("text", "The text.")],
            returns: Type::Geography,
            crs: CrsRule::Wgs84,
            evaluate: |arguments| arguments.text(0)?.map_bytes(|text| read_text(text).ok()),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::new("wkb", Type::Binary, "The bytes.")],
            returns: Type::Geography,
            crs: CrsRule::Wgs84,
            evaluate: |arguments| {
                arguments.bytes(0)?.map_bytes(|bytes| {
                    let geometry = Geometry::try_new(bytes).ok()?;
                    Some(geodesic::in_range(geometry).into_owned())
                })
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
