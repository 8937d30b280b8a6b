//! `ST_YMin`: the smallest Y of a geometry.

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_YMin",
    summary: "Returns the smallest Y of a geometry; null when it is empty.",
    example: "SELECT ST_YMin('LINESTRING(1 2, 3 4)')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            geometry.map_f64(|geometry| geometry.bounds().map(|bounds| bounds.ymin))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
