//! `h3_is_res_class_iii`: whether the grid of a cell is turned.

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_is_res_class_iii",
    category: Category::H3,
    summary: "Returns whether the resolution of a cell is odd, so that its grid is turned against \
              the icosahedron.",
    example: "SELECT h3_is_res_class_iii('8928308280fffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Boolean,
            evaluate: |arguments| arguments.integer(0)?.map_bool(is_class_iii),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Boolean,
            evaluate: |arguments| arguments.text(0)?.map_bool(is_class_iii),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn is_class_iii(cell: impl Cell) -> Option<bool> {
    Some(cell.cell()?.resolution().is_class3())
}
