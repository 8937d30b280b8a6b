//! `ST_SharedPaths`: the pieces that two lines share.

use godwit_geometry::noding;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_SharedPaths",
    category: Category::Processing,
    summary: "Returns a collection of the pieces that two lines share.",
    notes: "The first member has the pieces that run in the same direction in both lines, the \
            second those that run in opposite directions.",
    example: "SELECT ST_AsText(ST_SharedPaths('LINESTRING(0 0, 4 0)', 'LINESTRING(1 0, 2 0, 2 2)'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("lineal1", "The first line."),
            Argument::geometry("lineal2", "The second line."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bytes(|(a, b)| noding::shared_paths(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
