//! `h3_validate`: a value that must be a cell.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::cell::{Cell, integer, text};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_validate",
    category: Category::H3,
    summary: "Returns a value that is a cell, and refuses any other.",
    notes: "h3_try_validate gives null instead.",
    example: "SELECT h3_validate('8928308280fffff')",
    parity: Parity::Extension("Databricks has the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The value.")],
            returns: Type::Int64,
            evaluate: |arguments| arguments.integer(0)?.map_i64(|cell| checked(cell).map(integer)),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The value in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.text(0)?.map_text(|cell| checked(cell).map(text)),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn checked(cell: impl Cell) -> Result<CellIndex, GeometryError> {
    cell.cell().ok_or_else(|| GeometryError::InvalidArgument {
        reason: "h3_validate: the value is not a cell".to_owned(),
    })
}
