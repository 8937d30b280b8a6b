//! `ST_MaxDistance`: the largest distance between two geometries.

use godwit_geometry::measure;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_MaxDistance",
    category: Category::Measurement,
    summary: "Returns the largest distance between a position of the first geometry and one of the \
            second; null when one is empty.",
    notes: "With one geometry, the largest distance within it. Units are those of the reference \
            system.",
    example: "SELECT ST_MaxDistance('LINESTRING(0 0, 4 0)', ST_Point(1, 4))",
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom1", "The first geometry."),
                Argument::geometry("geom2", "The second geometry."),
            ],
            returns: Type::Float64,
            evaluate: |arguments| {
                (arguments.geometry(0)?, arguments.geometry(1)?)
                    .map_f64(|(a, b)| measure::max_distance(a, b))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::geometry("geom", "The geometry.")],
            returns: Type::Float64,
            evaluate: |arguments| {
                arguments.geometry(0)?.map_f64(|geometry| measure::max_distance(geometry, geometry))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
