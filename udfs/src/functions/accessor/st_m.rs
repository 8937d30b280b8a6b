//! `ST_M`: the measure of a point.

use godwit_geometry::GeometryError;

use super::coordinate;
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_M",
    summary: "Returns the measure of a point; null when it has none.",
    notes: "Geometries that are not points are refused.",
    example: "SELECT ST_M(ST_MakePoint(1, 2, 3, 4))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("point", "The point.")],
        returns: Type::Float64,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_f64(|point| {
                let coord = coordinate(FUNCTION.title, point)?;
                let coord = coord.filter(|_| point.dimension().has_m());
                Ok::<_, GeometryError>(coord.map(|coord| coord.m))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
