//! `h3_get_resolution`: the resolution of a cell.

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_resolution",
    aliases: &["h3_resolution"],
    category: Category::H3,
    summary: "Returns the resolution of a cell, 0 to 15.",
    example: "SELECT h3_get_resolution('8928308280fffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Int32,
            evaluate: |arguments| arguments.integer(0)?.map_i32(resolution_of),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Int32,
            evaluate: |arguments| arguments.text(0)?.map_i32(resolution_of),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn resolution_of(cell: impl Cell) -> Option<i32> {
    Some(i32::from(u8::from(cell.cell()?.resolution())))
}
