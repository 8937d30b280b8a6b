//! `ST_3DDistance`: the distance between two geometries in space.

use godwit_geometry::measure::space;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_3DDistance",
    category: Category::Measurement,
    summary: "Returns the smallest distance between two geometries in space; null when one is \
            empty.",
    notes: "A geometry without heights may be at any height; without any the answer is that of the \
            plane. Polygons are flat surfaces.",
    example: "SELECT ST_3DDistance('POINT Z (0 0 0)', 'POINT Z (1 2 2)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_f64(|(a, b)| space::distance_3d(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
