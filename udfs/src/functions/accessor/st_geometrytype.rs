//! `ST_GeometryType`: the kind of a geometry.

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeometryType",
    summary: "Returns the kind of a geometry, such as `ST_Point`.",
    example: "SELECT ST_GeometryType('LINESTRING(0 0, 1 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Text,
        evaluate: |arguments| arguments.geometry(0)?.map_str(|geometry| geometry.kind().pg_name()),
        ..Overload::BASE
    }],
    ..Function::BASE
};
