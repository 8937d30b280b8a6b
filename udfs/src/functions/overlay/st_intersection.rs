//! `ST_Intersection`: what two geometries share.

use godwit_geometry::overlay;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Intersection",
    category: Category::Overlay,
    summary: "Returns the positions that lie in both geometries.",
    notes: "Polygons must be valid.",
    example: "SELECT ST_AsText(ST_Intersection('LINESTRING(0 0, 2 0)', 'LINESTRING(1 0, 3 0)'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bytes(|(a, b)| overlay::intersection(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
