//! `ST_X`: the X of a point.

use super::coordinate::position;
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_X",
    summary: "Returns the X, or longitude, of a point; null when the point is empty.",
    notes: "Geometries that are not points are refused.",
    example: "SELECT ST_X(ST_Point(1, 2))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("point", "The point.")],
        returns: Type::Float64,
        evaluate: |arguments| {
            arguments
                .geometry(0)?
                .map_f64(|point| Ok(position(FUNCTION.title, point)?.map(|[x, _]| x)))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
