//! `ST_IsCollection`: whether a geometry has members.

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_IsCollection",
    summary: "Returns whether a geometry is a collection or a multi geometry.",
    example: "SELECT ST_IsCollection('MULTIPOINT(0 0, 1 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Boolean,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_bool(|geometry| geometry.kind().is_collection())
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
