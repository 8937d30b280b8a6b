//! `ST_ShortestLine`: the shortest line from one geometry to another.

use godwit_geometry::measure;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ShortestLine",
    category: Category::Measurement,
    summary: "Returns the shortest line from the first geometry to the second; null when one is \
            empty.",
    notes: "Where the geometries meet, it starts and ends in a point they share. Heights are \
            ignored and the result has none.",
    example: "SELECT ST_AsText(ST_ShortestLine('LINESTRING(0 0, 4 0)', ST_Point(1, 3)))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bytes(|(a, b)| measure::shortest_line(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
