//! `ST_Snap`: a geometry drawn to the vertices of another one.

use godwit_geometry::noding;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Snap",
    category: Category::Processing,
    summary: "Returns a geometry drawn to the vertices of another one that are close to it.",
    notes: "Each vertex of the reference first draws the closest vertex, and if it is none after \
            that, the closest segment. The result may be invalid.",
    example: "SELECT ST_AsText(ST_Snap('LINESTRING(0 0, 10 0)', 'POINT(5 1)', 2))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("input", "The geometry to draw."),
            Argument::geometry("reference", "The geometry with the vertices to draw it to."),
            Argument::float("tolerance", "The distance from which on vertices do not draw."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?, arguments.float(2)?).map_bytes(
                |(input, reference, tolerance)| noding::snap(input, reference, tolerance),
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
