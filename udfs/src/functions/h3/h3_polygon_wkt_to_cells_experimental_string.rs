//! `h3_polygon_wkt_to_cells_experimental_string`: the cells of a polygon written as text, by a rule.

use super::h3_polygon_wkt_to_cells_experimental::{ARGUMENTS, filled};
use crate::function::{Category, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_polygon_wkt_to_cells_experimental_string",
    category: Category::H3,
    summary: "Returns the cells that belong to polygons written as WKT by a rule, in hexadecimal \
              digits.",
    notes: "The modes are those of h3_polygon_to_cells_experimental, which takes a geometry.",
    example: "SELECT h3_polygon_wkt_to_cells_experimental_string('POLYGON((24 59, 25 59, 25 60, 24 60, 24 59))', 4, 'full')",
    parity: Parity::Extension("The extension for DuckDB has the function."),
    overloads: &[Overload {
        arguments: ARGUMENTS,
        returns: Type::TextList,
        evaluate: filled,
        ..Overload::BASE
    }],
    ..Function::BASE
};
