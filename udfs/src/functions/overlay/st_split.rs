//! `ST_Split`: a geometry cut by another one.

use godwit_geometry::noding;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Split",
    category: Category::Overlay,
    summary: "Returns a collection of the parts that a blade cuts a geometry into.",
    notes: "Lines are cut by points on them, by lines and by the borders of polygons; polygons \
            are cut by lines. A line that runs along the blade is refused.",
    example: "SELECT ST_AsText(ST_Split('LINESTRING(0 0, 4 0)', 'POINT(1 0)'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("input", "The line or polygon to cut."),
            Argument::geometry("blade", "What to cut it with."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bytes(|(input, blade)| noding::split(input, blade))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
