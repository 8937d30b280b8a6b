//! `h3_is_valid_index`: whether a value is a cell, an edge or a vertex.

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_is_valid_index",
    category: Category::H3,
    summary: "Returns whether a value is a cell, a directed edge or a vertex.",
    example: "SELECT h3_is_valid_index('2222597fffffffff')",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("index", "The value.")],
            returns: Type::Boolean,
            evaluate: |arguments| arguments.integer(0)?.map_bool(is_index),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("index", "The value in hexadecimal digits.")],
            returns: Type::Boolean,
            evaluate: |arguments| arguments.text(0)?.map_bool(is_index),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn is_index(index: impl Cell) -> bool {
    index.bits().is_some_and(h3o::is_valid_index)
}
