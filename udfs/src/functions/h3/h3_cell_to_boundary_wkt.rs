//! `h3_cell_to_boundary_wkt`: the outline of a cell as WKT.

use super::geometry_text::as_wkt;
use super::h3_cell_to_boundary::boundary;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_boundary_wkt",
    aliases: &["h3_boundaryaswkt"],
    category: Category::H3,
    summary: "Returns the outline of a cell as WKT in longitude and latitude.",
    example: "SELECT h3_cell_to_boundary_wkt('8928308280fffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.integer(0)?.map_text(|cell| as_wkt(boundary(cell))),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.text(0)?.map_text(|cell| as_wkt(boundary(cell))),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
