//! `ST_NumGeometries`: the number of members.

use super::count;
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_NumGeometries",
    aliases: &["ST_NGeometries"],
    summary: "Returns the number of members of a collection, 1 for a single geometry and 0 for \
              an empty one.",
    notes: "A path or a surface of several parts, such as a COMPOUNDCURVE or a TIN, is a single \
            geometry; ST_NumCurves and ST_NumPatches count its parts.",
    example: "SELECT ST_NumGeometries('MULTIPOINT(0 0, 1 1)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| {
                if geometry.is_empty() {
                    return 0;
                }
                count(if geometry.kind().is_multi() { geometry.part_count() } else { 1 })
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
