//! `ST_3DShortestLine`: the shortest line between two geometries in space.

use godwit_geometry::measure::space;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_3DShortestLine",
    category: Category::Measurement,
    summary: "Returns the shortest line from the first geometry to the second in space; null when \
            one is empty.",
    notes: "A geometry without heights may be at any height; without any the answer is that of the \
            plane. Polygons are flat surfaces.",
    example: "SELECT ST_AsText(ST_3DShortestLine('LINESTRING Z (0 0 4, 4 0 4)', 'POINT Z (1 3 \
            0)'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bytes(|(a, b)| space::shortest_line_3d(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
