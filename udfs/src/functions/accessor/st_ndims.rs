//! `ST_NDims`: the number of ordinates of a coordinate.

use super::count;
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_NDims",
    aliases: &["ST_CoordDim"],
    summary: "Returns the number of ordinates of a coordinate: 2, 3 or 4.",
    example: "SELECT ST_NDims('POINT M (1 2 3)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| count(geometry.dimension().size()))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
