//! `ST_PointZM`: a point with a height and a measure.

use godwit_geometry::{Coord, Dimension, write};

use crate::function::{Argument, Category, CrsRule, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_PointZM",
    aliases: &["ST_Point4D"],
    category: Category::Constructor,
    summary: "Returns a point of an X, a Y, a Z and an M.",
    example: "SELECT ST_AsText(ST_PointZM(1, 2, 3, 4))",
    overloads: &[Overload {
        arguments: &[
            Argument::float("x", "The X, or longitude."),
            Argument::float("y", "The Y, or latitude."),
            Argument::float("z", "The height."),
            Argument::float("m", "The measure."),
            Argument::integer("srid", "The reference system.").optional().literal(),
        ],
        crs: CrsRule::Argument(4),
        evaluate: |arguments| {
            let ordinates = (
                arguments.float(0)?,
                arguments.float(1)?,
                arguments.float(2)?,
                arguments.float(3)?,
            );
            ordinates.map_bytes(|(x, y, z, m)| write::point(Coord { x, y, z, m }, Dimension::Xyzm))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
