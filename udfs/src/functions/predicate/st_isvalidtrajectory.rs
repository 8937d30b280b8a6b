//! `ST_IsValidTrajectory`: whether a line has times that grow.

use godwit_geometry::measure;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_IsValidTrajectory",
    category: Category::Predicate,
    summary: "Returns whether a geometry is a line whose measures grow from each vertex to the \
            next.",
    notes: "Geometries that are no lines or have no measures are no trajectories.",
    example: "SELECT ST_IsValidTrajectory('LINESTRING M (0 0 1, 1 1 2)')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("line", "The geometry.")],
        returns: Type::Boolean,
        evaluate: |arguments| arguments.geometry(0)?.map_bool(measure::is_trajectory),
        ..Overload::BASE
    }],
    ..Function::BASE
};
