//! `ST_3DIntersects`: whether two geometries in space share a position.

use godwit_geometry::measure::space;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_3DIntersects",
    category: Category::Predicate,
    summary: "Returns whether two geometries in space share at least one position.",
    notes: "A geometry without heights may be at any height; without any the answer is that of the \
            plane. Polygons are flat surfaces.",
    example: "SELECT ST_3DIntersects('POINT Z (1 1 1)', 'LINESTRING Z (0 0 0, 2 2 2)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bool(|(a, b)| space::dwithin_3d(a, b, 0.0))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
