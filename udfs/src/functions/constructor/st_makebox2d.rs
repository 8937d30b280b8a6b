//! `ST_MakeBox2D`: the box between two points.

use godwit_geometry::{GeometryError, box_2d};

use super::corner::corner;
use crate::function::{Argument, Category, Function, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_MakeBox2D",
    category: Category::Constructor,
    summary: "Returns the box between two points as a polygon.",
    notes: "There is no type for boxes. A box without width or height is a line, and one of a \
            single position a point. The corners may be given in any order.",
    example: "SELECT ST_AsText(ST_MakeBox2D(ST_Point(0, 0), ST_Point(2, 1)))",
    parity: Parity::Differs("In PostGIS, the result is a box2d."),
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("point_low_left", "One corner."),
            Argument::geometry("point_up_right", "The opposite corner."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?).map_bytes(|(a, b)| {
                let (a, b) = (corner(a, "ST_MakeBox2D")?, corner(b, "ST_MakeBox2D")?);
                Ok::<_, GeometryError>(box_2d([a.x, a.y], [b.x, b.y]))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
