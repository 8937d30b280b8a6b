//! `h3_centeraswkt`: the centre of a cell as WKT.

use super::geometry_text::as_wkt;
use super::h3_cell_to_point::centre;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_centeraswkt",
    category: Category::H3,
    summary: "Returns the centre of a cell as WKT in longitude and latitude.",
    example: "SELECT h3_centeraswkt('8928308280fffff')",
    parity: Parity::Extension("Databricks has the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.integer(0)?.map_text(|cell| as_wkt(centre(cell))),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.text(0)?.map_text(|cell| as_wkt(centre(cell))),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
