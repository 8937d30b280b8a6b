//! `ST_ReducePrecision`: coordinates rounded so that polygons stay valid.

use godwit_geometry::edit;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ReducePrecision",
    category: Category::Processing,
    summary: "Returns a geometry with its coordinates rounded to a grid and its polygons valid.",
    notes: "Polygons are drawn anew where rounding makes rings collapse or cross; what collapses \
            is left out. Halves go up. Measures are lost. ST_SnapToGrid rounds each vertex alone.",
    example: "SELECT ST_AsText(ST_ReducePrecision('LINESTRING(0.26 0.31, 1.04 0.98)', 0.1))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("gridsize", "The distance of nodes of the grid; 0 changes nothing."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?)
                .map_bytes(|(geometry, size)| edit::reduce_precision(geometry, size))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
