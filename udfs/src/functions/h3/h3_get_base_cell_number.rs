//! `h3_get_base_cell_number`: the number of the base cell.

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_base_cell_number",
    category: Category::H3,
    summary: "Returns the number, 0 to 121, of the cell of resolution 0 that contains a cell.",
    example: "SELECT h3_get_base_cell_number('8928308280fffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Int32,
            evaluate: |arguments| arguments.integer(0)?.map_i32(base_cell),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Int32,
            evaluate: |arguments| arguments.text(0)?.map_i32(base_cell),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn base_cell(cell: impl Cell) -> Option<i32> {
    Some(i32::from(u8::from(cell.cell()?.base_cell())))
}
