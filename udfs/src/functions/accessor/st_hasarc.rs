//! `ST_HasArc`: whether a geometry has arcs.

use crate::function::{Argument, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_HasArc",
    summary: "Returns whether a geometry has arcs, which it never has.",
    example: "SELECT ST_HasArc('LINESTRING(0 0, 1 1)')",
    parity: Parity::Differs("PostGIS has geometries with arcs; Godwit refuses to read them."),
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Boolean,
        evaluate: |arguments| arguments.geometry(0)?.map_bool(|_| false),
        ..Overload::BASE
    }],
    ..Function::BASE
};
