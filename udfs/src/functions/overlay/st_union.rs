//! `ST_Union`: two geometries united.

use godwit_geometry::overlay;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Union",
    category: Category::Overlay,
    summary: "Returns the positions that lie in either geometry.",
    notes: "Polygons must be valid. With one argument the name means the aggregate `ST_Union_Agg`.",
    example: "SELECT ST_AsText(ST_Union(ST_Point(0, 0), ST_Point(1, 1)))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bytes(|(a, b)| overlay::union(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
