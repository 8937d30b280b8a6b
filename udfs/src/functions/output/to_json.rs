//! `TO_JSON`: a geometry or a row written as JSON.

use super::feature::objects;
use super::st_asgeojson::format;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

/// The digits behind the point of a double that say something.
pub(super) const ALL_DECIMALS: i64 = 15;

pub(super) static FUNCTION: Function = Function {
    title: "TO_JSON",
    aliases: &["ROW_TO_JSON", "TO_JSONB"],
    category: Category::Output,
    summary: "Returns the GeoJSON geometry object of a geometry, or the JSON object of a row.",
    notes: "A row, as `t` or `t.*` of a table or a `named_struct`, becomes an object with a member \
            for each field. Geometries have all their decimals, and name their reference system \
            unless it is EPSG:4326. ST_AsGeoJSON writes features.",
    example: "SELECT TO_JSON(named_struct('id', 7, 'place', ST_Point(1, 2)))",
    overloads: &[
        Overload {
            arguments: &[Argument::geometry("geom", "The geometry.")],
            returns: Type::Text,
            evaluate: |arguments| {
                let crs = arguments.crs(0)?;
                arguments
                    .geometry(0)?
                    .map_text(|geometry| format(geometry, crs.as_ref(), ALL_DECIMALS, 8))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::record("row", "The row.")],
            returns: Type::Text,
            evaluate: objects,
            ..Overload::BASE
        },
    ],
    parity: Parity::Differs(
        "PostGIS takes values of every type, and TO_JSONB puts spaces between members.",
    ),
    ..Function::BASE
};
