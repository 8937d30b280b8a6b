//! `ST_MakePoint`: a point of two to four numbers.

use godwit_geometry::{Coord, Dimension, write};

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_MakePoint",
    category: Category::Constructor,
    summary: "Returns a point of two, three or four ordinates: X, Y, Z and M.",
    example: "SELECT ST_AsText(ST_MakePoint(1, 2, 3))",
    overloads: &[Overload {
        arguments: &[
            Argument::float("x", "The X, or longitude."),
            Argument::float("y", "The Y, or latitude."),
            Argument::float("z", "The height.").optional(),
            Argument::float("m", "The measure.").optional(),
        ],
        evaluate: |arguments| {
            let (x, y) = (arguments.float(0)?, arguments.float(1)?);
            match arguments.len() {
                2 => (x, y).map_bytes(|(x, y)| write::point_xy(x, y)),
                3 => (x, y, arguments.float(2)?)
                    .map_bytes(|(x, y, z)| write::point(Coord::xyz(x, y, z), Dimension::Xyz)),
                _ => (x, y, arguments.float(2)?, arguments.float(3)?)
                    .map_bytes(|(x, y, z, m)| write::point(Coord { x, y, z, m }, Dimension::Xyzm)),
            }
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
