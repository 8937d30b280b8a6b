//! `ST_LongestLine`: the longest line between two geometries.

use godwit_geometry::measure;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LongestLine",
    category: Category::Measurement,
    summary: "Returns the longest line from a position of the first geometry to one of the second; \
            null when one is empty.",
    notes: "With one geometry, the longest line within it. Heights are ignored and the result has \
            none.",
    example: "SELECT ST_AsText(ST_LongestLine('LINESTRING(0 0, 4 0)', ST_Point(1, 3)))",
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom1", "The first geometry."),
                Argument::geometry("geom2", "The second geometry."),
            ],
            returns: Type::Geometry,
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.geometry(1)?)
                    .map_bytes(|(a, b)| measure::longest_line(a, b))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::geometry("geom", "The geometry.")],
            returns: Type::Geometry,
            evaluate: |arguments| {
                arguments
                    .geometry(0)?
                    .map_bytes(|geometry| measure::longest_line(geometry, geometry))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
