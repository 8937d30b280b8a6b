//! `ST_3DMaxDistance`: the largest distance between two geometries in space.

use godwit_geometry::measure::space;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_3DMaxDistance",
    category: Category::Measurement,
    summary: "Returns the largest distance between a position of the first geometry and one of the \
            second in space; null when one is empty.",
    notes: "A geometry without heights may be at any height, and the answer is that of the plane.",
    example: "SELECT ST_3DMaxDistance('POINT Z (0 0 0)', 'LINESTRING Z (1 0 0, 1 2 2)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_f64(|(a, b)| space::max_distance_3d(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
