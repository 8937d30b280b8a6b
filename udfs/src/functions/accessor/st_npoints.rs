//! `ST_NPoints`: the number of coordinates.

use super::count;
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_NPoints",
    summary: "Returns the number of coordinates of a geometry.",
    example: "SELECT ST_NPoints('POLYGON((0 0, 1 0, 1 1, 0 0))')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| count(geometry.coord_count()))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
