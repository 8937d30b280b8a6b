//! `ST_SimplifyPreserveTopology`: a geometry with fewer points and the same relations.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_SimplifyPreserveTopology",
    category: Category::Processing,
    summary: "Returns a geometry with fewer points whose lines and rings do not come to cross.",
    notes: "Works by Douglas and Peucker as ST_Simplify does, but keeps a point where leaving it \
            out would make lines meet or change what lies in which ring. Nothing collapses: rings \
            keep three corners. The result of a valid polygon is valid. The order in which lines \
            are simplified may show.",
    example: "SELECT ST_AsText(ST_SimplifyPreserveTopology('LINESTRING(0 0, 1 0.1, 2 0)', 0.5))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("tolerance", "The largest distance of a point left out."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?).map_bytes(|(geometry, tolerance)| {
                construct::simplify_preserve_topology(geometry, tolerance)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
