//! `Box2D`: the box around a geometry, without height.

use godwit_geometry::box_2d;

use crate::function::{Argument, Function, Kinds, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "Box2D",
    aliases: &["PostGIS_GetBBox"],
    summary: "Returns the bounding box of a geometry as a polygon; null when it is empty.",
    notes: "There is no type for boxes. A box without width or height is a line, and one of a \
            single position a point.",
    example: "SELECT ST_AsText(Box2D('LINESTRING(0 0, 2 1)'))",
    parity: Parity::Differs("In PostGIS, the result is a box2d."),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| {
            arguments.geometry(0)?.map_bytes(|geometry| {
                let bounds = geometry.bounds()?;
                Some(box_2d([bounds.xmin, bounds.ymin], [bounds.xmax, bounds.ymax]))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
