//! `h3_is_valid_vertex`: whether a value is a vertex.

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_is_valid_vertex",
    category: Category::H3,
    summary: "Returns whether a value is a vertex.",
    example: "SELECT h3_is_valid_vertex('2222597fffffffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("vertex", "The value.")],
            returns: Type::Boolean,
            evaluate: |arguments| arguments.integer(0)?.map_bool(is_vertex),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("vertex", "The value in hexadecimal digits.")],
            returns: Type::Boolean,
            evaluate: |arguments| arguments.text(0)?.map_bool(is_vertex),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn is_vertex(vertex: impl Cell) -> bool {
    vertex.vertex().is_some()
}
