//! `ST_3DMakeBox`: the box between two points in space.

use godwit_geometry::{GeometryError, box_3d};

use super::corner::corner;
use crate::function::{Argument, Category, Function, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_3DMakeBox",
    category: Category::Constructor,
    summary: "Returns the box between two points in space.",
    notes: "There is no type for boxes. A box with a volume is a POLYHEDRALSURFACE of its six \
            sides, a flat one a polygon, line or point. An absent height is 0.",
    example: "SELECT ST_ZMax(ST_3DMakeBox(ST_PointZ(0, 0, 0), ST_PointZ(2, 1, 3)))",
    parity: Parity::Differs("In PostGIS, the result is a box3d."),
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("point_low_left_bottom", "One corner."),
            Argument::geometry("point_up_right_top", "The opposite corner."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?).map_bytes(|(a, b)| {
                let (a, b) = (corner(a, "ST_3DMakeBox")?, corner(b, "ST_3DMakeBox")?);
                Ok::<_, GeometryError>(box_3d([a.x, a.y, a.z], [b.x, b.y, b.z]))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
