//! `ST_LineInterpolatePoint`: the point at a fraction of the length of a line.

use godwit_geometry::linear;

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LineInterpolatePoint",
    category: Category::LinearReferencing,
    summary: "Returns the point at a fraction of the length of a line.",
    notes: "The length is that in the plane; heights and measures are interpolated. An empty line \
            gives an empty point. A fraction below 0 or above 1 is refused.",
    example: "SELECT ST_AsText(ST_LineInterpolatePoint('LINESTRING(0 0, 4 0, 4 4)', 0.75))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line."),
            Argument::float("fraction", "The fraction of its length, from 0 to 1."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?).map_bytes(|(line, fraction)| {
                let fraction = expect::fraction(FUNCTION.title, fraction)?;
                let line = expect::line(FUNCTION.title, line)?;
                Ok(linear::interpolate_point(line, fraction))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
