//! `ST_HasM`: whether coordinates have a measure.

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_HasM",
    summary: "Returns whether the coordinates of a geometry have a measure.",
    example: "SELECT ST_HasM('POINT M (1 2 3)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Boolean,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_bool(|geometry| geometry.dimension().has_m())
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
