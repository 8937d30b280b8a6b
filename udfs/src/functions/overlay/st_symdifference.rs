//! `ST_SymDifference`: what only one of two geometries has.

use godwit_geometry::overlay;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_SymDifference",
    category: Category::Overlay,
    summary: "Returns the positions that lie in exactly one of two geometries.",
    notes: "Polygons must be valid.",
    example: "SELECT ST_AsText(ST_SymDifference(ST_Point(0, 0), ST_Point(1, 1)))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bytes(|(a, b)| overlay::sym_difference(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
