//! `ST_QuadKey`: the tile of a point as a text of four digits.

use godwit_geometry::{Geometry, GeometryError, tile};

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_QuadKey",
    category: Category::Output,
    summary: "Returns the quadkey of the Web Mercator tile that a position lies in.",
    notes: "A quadkey starts with the quadkeys of all larger tiles around it. Latitudes beyond \
            the square of Web Mercator count as those of its border.",
    example: "SELECT ST_QuadKey(ST_Point(11.08, 49.45), 10)",
    parity: Parity::Extension("DuckDB has the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::geometry("point", "The point, in degrees."), LEVEL],
            returns: Type::Text,
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.integer(1)?)
                    .map_text(|(point, level)| quadkey(point, level))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::float("longitude", "The longitude."),
                Argument::float("latitude", "The latitude."),
                LEVEL,
            ],
            returns: Type::Text,
            evaluate: |arguments| {
                (arguments.float(0)?, arguments.float(1)?, arguments.integer(2)?).map_text(
                    |(longitude, latitude, level)| tile::quadkey(longitude, latitude, level),
                )
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

const LEVEL: Argument = Argument::integer("level", "The zoom level, from 1 to 23.");

fn quadkey(point: Geometry<'_>, level: i64) -> Result<String, GeometryError> {
    let coord = point.point().ok_or_else(|| GeometryError::InvalidArgument {
        reason: "ST_QuadKey takes a point that is not empty".to_owned(),
    })?;
    tile::quadkey(coord.x, coord.y, level)
}
