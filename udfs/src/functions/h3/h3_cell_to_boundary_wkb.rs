//! `h3_cell_to_boundary_wkb`: the outline of a cell as WKB.

use super::h3_cell_to_boundary::boundary;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_boundary_wkb",
    aliases: &["h3_boundaryaswkb"],
    category: Category::H3,
    summary: "Returns the outline of a cell as WKB in longitude and latitude.",
    notes: "The bytes are a geometry without a reference system; h3_cell_to_boundary returns one \
            with it.",
    example: "SELECT h3_cell_to_boundary_wkb('8928308280fffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Binary,
            evaluate: |arguments| arguments.integer(0)?.map_bytes(boundary),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Binary,
            evaluate: |arguments| arguments.text(0)?.map_bytes(boundary),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
