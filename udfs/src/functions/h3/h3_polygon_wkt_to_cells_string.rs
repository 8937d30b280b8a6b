//! `h3_polygon_wkt_to_cells_string`: the cells that fill a polygon written as text, in hexadecimal digits.

use super::h3_polygon_wkt_to_cells::{ARGUMENTS, filled};
use crate::function::{Category, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_polygon_wkt_to_cells_string",
    category: Category::H3,
    summary: "Returns the cells whose centres lie in polygons written as WKT, in hexadecimal digits.",
    notes: "h3_polygon_to_cells_string takes a geometry.",
    example: "SELECT h3_polygon_wkt_to_cells_string('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4)",
    parity: Parity::Extension("The extension for DuckDB has the function."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::TextList,
        evaluate: filled,
        ..Overload::BASE
    }],
    ..Function::BASE
};
