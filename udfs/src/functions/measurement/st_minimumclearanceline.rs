//! `ST_MinimumClearanceLine`: the two positions that are the clearance apart.

use godwit_geometry::measure;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_MinimumClearanceLine",
    category: Category::Measurement,
    summary: "Returns the line between the two positions whose distance is the minimum clearance; \
            an empty line when there are none.",
    notes: "When several positions are as close, it is one of them.",
    example: "SELECT ST_AsText(ST_MinimumClearanceLine('POLYGON((0 0, 4 0, 4 3, 2 1, 0 0))'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(measure::minimum_clearance_line),
        ..Overload::BASE
    }],
    ..Function::BASE
};
