//! `ST_HasZ`: whether coordinates have a height.

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_HasZ",
    summary: "Returns whether the coordinates of a geometry have a height.",
    example: "SELECT ST_HasZ('POINT Z (1 2 3)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Boolean,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_bool(|geometry| geometry.dimension().has_z())
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
