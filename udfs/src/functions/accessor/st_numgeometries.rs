//! `ST_NumGeometries`: the number of members.

use super::count;
use crate::function::{Argument, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_NumGeometries",
    aliases: &["ST_NGeometries"],
    summary: "Returns the number of members of a collection, 1 for a single geometry and 0 for \
              an empty one.",
    example: "SELECT ST_NumGeometries('MULTIPOINT(0 0, 1 1)')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| {
                if geometry.is_empty() {
                    return 0;
                }
                count(geometry.part_count().max(1))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
