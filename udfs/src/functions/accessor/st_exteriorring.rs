//! `ST_ExteriorRing`: the outline of a polygon.

use godwit_geometry::{Kind, write};

use crate::function::{Argument, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ExteriorRing",
    summary: "Returns the exterior ring of a polygon as a line; null for any other geometry.",
    example: "SELECT ST_AsText(ST_ExteriorRing('POLYGON((0 0, 1 0, 1 1, 0 0))'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("polygon", "The polygon.")],
        returns: Type::Geometry,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_bytes(|geometry| {
                (geometry.kind() == Kind::Polygon).then(|| {
                    let ring = geometry.rings().next();
                    write::line_string(ring.into_iter().flatten(), geometry.dimension())
                })
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
