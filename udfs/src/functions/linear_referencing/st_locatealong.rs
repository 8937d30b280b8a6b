//! `ST_LocateAlong`: the points of a geometry at a measure.

use godwit_geometry::linear;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LocateAlong",
    category: Category::LinearReferencing,
    summary: "Returns the points of a geometry at a measure, as a multipoint.",
    notes: "Takes points and lines with measures; others are refused. An offset above 0 moves the \
            points to the left of their line, below 0 to the right. Of an edge with one measure \
            the middle is taken.",
    example: "SELECT ST_AsText(ST_LocateAlong('LINESTRING M (0 0 0, 10 0 20)', 5))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The points or lines with measures."),
            Argument::float("measure", "The measure."),
            Argument::float("leftrightoffset", "The distance to the left of the line.").optional(),
        ],
        evaluate: |arguments| {
            let (geometry, measure) = (arguments.geometry(0)?, arguments.float(1)?);
            if arguments.len() == 2 {
                return (geometry, measure)
                    .map_bytes(|(geometry, measure)| linear::locate_along(geometry, measure, 0.0));
            }
            (geometry, measure, arguments.float(2)?).map_bytes(|(geometry, measure, offset)| {
                linear::locate_along(geometry, measure, offset)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
