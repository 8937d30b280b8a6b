//! `ST_OrientedEnvelope`: the smallest rectangle in any direction.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_OrientedEnvelope",
    aliases: &["ST_MinimumRotatedRectangle"],
    category: Category::Processing,
    summary: "Returns the rectangle of the smallest area around a geometry, in any direction.",
    notes: "A line is returned for a geometry all on one line, and a point for one position. Where \
            several rectangles are as small, one of them is returned.",
    example: "SELECT ST_AsText(ST_OrientedEnvelope('POLYGON((1 0, 3 2, 2 3, 0 1, 1 0))'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(construct::oriented_envelope),
        ..Overload::BASE
    }],
    ..Function::BASE
};
