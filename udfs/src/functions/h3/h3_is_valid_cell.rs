//! `h3_is_valid_cell`: whether a value is a cell.

use super::cell::Cell as _;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_is_valid_cell",
    aliases: &["h3_isvalid"],
    category: Category::H3,
    summary: "Returns whether a value is a cell.",
    example: "SELECT h3_is_valid_cell('8928308280fffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Boolean,
            evaluate: |arguments| arguments.integer(0)?.map_bool(|cell| cell.cell().is_some()),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Boolean,
            evaluate: |arguments| arguments.text(0)?.map_bool(|cell| cell.cell().is_some()),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
