//! `ST_LineInterpolatePoints`: points at equal distances along a line.

use godwit_geometry::{Geometry, GeometryError, linear};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::functions::expect;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LineInterpolatePoints",
    category: Category::LinearReferencing,
    summary: "Returns the points at every multiple of a fraction of the length of a line.",
    notes: "The start of the line is not one of them. With `repeat` false only the first point is \
            returned. One point is returned as a point, several as a multipoint.",
    example: "SELECT ST_AsText(ST_LineInterpolatePoints('LINESTRING(0 0, 10 0)', 0.4))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("line", "The line."),
            Argument::float("fraction", "The fraction of its length, from 0 to 1."),
            Argument::new("repeat", Type::Boolean, "Whether to go on after the first point.")
                .optional(),
        ],
        evaluate: |arguments| {
            let (line, fraction) = (arguments.geometry(0)?, arguments.float(1)?);
            if arguments.len() == 2 {
                return (line, fraction).map_bytes(|(line, fraction)| points(line, fraction, true));
            }
            (line, fraction, arguments.boolean(2)?)
                .map_bytes(|(line, fraction, repeat)| points(line, fraction, repeat))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn points(line: Geometry<'_>, fraction: f64, repeat: bool) -> Result<Vec<u8>, GeometryError> {
    let fraction = expect::fraction(FUNCTION.title, fraction)?;
    let line = expect::line(FUNCTION.title, line)?;
    if repeat {
        return linear::interpolate_points(line, fraction);
    }
    Ok(linear::interpolate_point(line, fraction))
}
