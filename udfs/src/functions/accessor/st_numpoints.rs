//! `ST_NumPoints`: the number of points of a line.

use super::{count, path};
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_NumPoints",
    summary: "Returns the number of points of a line; null for any other geometry.",
    notes: "ST_NPoints counts the points of all geometries.",
    example: "SELECT ST_NumPoints('LINESTRING(0 0, 1 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| path::length(geometry).map(count))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
