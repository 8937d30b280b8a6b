//! `ST_3DLineInterpolatePoint`: the point at a fraction of the length of a line in space.

use godwit_geometry::linear;

use crate::function::{Argument, Category, Function, Overload};
use crate::functions::expect;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_3DLineInterpolatePoint",
    category: Category::LinearReferencing,
    summary: "Returns the point at a fraction of the length of a line, with heights counted.",
    notes: "Heights and measures are interpolated. An empty line gives an empty point.",
    example: "SELECT ST_AsText(ST_3DLineInterpolatePoint('LINESTRING Z (0 0 0, 0 0 4)', 0.25))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line."),
            Argument::float("fraction", "The fraction of its length, from 0 to 1."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?).map_bytes(|(line, fraction)| {
                let fraction = expect::fraction(FUNCTION.title, fraction)?;
                let line = expect::line(FUNCTION.title, line)?;
                Ok(linear::interpolate_point_3d(line, fraction))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
