//! `h3_is_valid_directed_edge`: whether a value is a directed edge.

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_is_valid_directed_edge",
    category: Category::H3,
    summary: "Returns whether a value is a directed edge.",
    example: "SELECT h3_is_valid_directed_edge('165283473fffffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("edge", "The value.")],
            returns: Type::Boolean,
            evaluate: |arguments| arguments.integer(0)?.map_bool(is_edge),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("edge", "The value in hexadecimal digits.")],
            returns: Type::Boolean,
            evaluate: |arguments| arguments.text(0)?.map_bool(is_edge),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn is_edge(edge: impl Cell) -> bool {
    edge.edge().is_some()
}
