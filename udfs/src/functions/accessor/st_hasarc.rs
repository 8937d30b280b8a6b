//! `ST_HasArc`: whether a geometry has arcs.

use godwit_geometry::curve;

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_HasArc",
    summary: "Returns whether a geometry is a path of arcs, or has one as a part.",
    example: "SELECT ST_HasArc('CIRCULARSTRING(0 0, 1 1, 2 0)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Boolean,
        evaluate: |arguments| arguments.geometry(0)?.map_bool(curve::has_arc),
        ..Overload::BASE
    }],
    ..Function::BASE
};
