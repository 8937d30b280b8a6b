//! `ST_NumCurves`: the number of parts of a path.

use godwit_geometry::Kind;

use super::count;
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_NumCurves",
    summary: "Returns the number of lines and paths of arcs that a COMPOUNDCURVE is put together \
              of; null for any other geometry.",
    notes: "A LINESTRING or a CIRCULARSTRING is one.",
    example: "SELECT ST_NumCurves('COMPOUNDCURVE((0 0, 2 0), CIRCULARSTRING(2 0, 3 1, 4 0))')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("curve", "The path.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| match geometry.kind() {
                Kind::CompoundCurve => Some(count(geometry.part_count())),
                Kind::LineString | Kind::CircularString => Some(i32::from(!geometry.is_empty())),
                _ => None,
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
