//! `ST_MinimumClearance`: how far a vertex may move before a geometry becomes invalid.

use godwit_geometry::measure;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_MinimumClearance",
    category: Category::Measurement,
    summary: "Returns the smallest distance from a vertex to another vertex or to an edge it does \
            not end; infinity when there is none.",
    notes: "If a vertex moves by less, a valid geometry stays valid.",
    example: "SELECT ST_MinimumClearance('POLYGON((0 0, 4 0, 4 3, 2 1, 0 0))')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| arguments.geometry(0)?.map_f64(measure::minimum_clearance),
        ..Overload::BASE
    }],
    ..Function::BASE
};
