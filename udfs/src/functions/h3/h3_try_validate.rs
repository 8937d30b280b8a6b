//! `h3_try_validate`: a value if it is a cell.

use h3o::CellIndex;

use super::cell::{Cell, integer, text};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_try_validate",
    category: Category::H3,
    summary: "Returns a value that is a cell, and null for any other.",
    notes: "h3_validate refuses what is not a cell.",
    example: "SELECT h3_try_validate('8928308280fffff')",
    parity: Parity::Extension("Databricks has the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The value.")],
            returns: Type::Int64,
            evaluate: |arguments| arguments.integer(0)?.map_i64(|cell| cell_of(cell).map(integer)),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The value in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.text(0)?.map_text(|cell| cell_of(cell).map(text)),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn cell_of(cell: impl Cell) -> Option<CellIndex> {
    cell.cell()
}
