//! `ST_IsPolygonCCW`: whether exterior rings run anticlockwise.

use godwit_geometry::edit;

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_IsPolygonCCW",
    summary: "Returns whether every exterior ring runs anticlockwise and every hole clockwise.",
    notes: "True for geometries without polygons, and false for an exterior ring without area.",
    example: "SELECT ST_IsPolygonCCW('POLYGON((0 0, 1 0, 1 1, 0 0))')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Boolean,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_bool(|geometry| edit::has_oriented_rings(geometry, false))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
