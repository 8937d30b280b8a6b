//! `ST_GeoHash`: a geometry's place as a short text.

use godwit_geometry::geohash;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeoHash",
    category: Category::Output,
    summary: "Returns the geohash of a geometry in longitude and latitude.",
    notes: "Without a length, a point gets 20 characters and anything larger as many as its \
            bounding box allows.",
    example: "SELECT ST_GeoHash(ST_Point(-126, 48), 5)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry, in degrees."),
            Argument::integer("maxchars", "The number of characters.").optional(),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer_or(1, 0)?).map_text(|(geometry, length)| {
                geohash::encode(geometry, usize::try_from(length).unwrap_or(0))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
