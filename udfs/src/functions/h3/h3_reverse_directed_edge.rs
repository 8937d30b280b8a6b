//! `h3_reverse_directed_edge`: the edge in the other direction.

use h3o::DirectedEdgeIndex;

use super::cell::{Cell, integer, text};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_reverse_directed_edge",
    category: Category::H3,
    summary: "Returns the directed edge that runs the other way.",
    example: "SELECT h3_reverse_directed_edge('165283473fffffff')",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("edge", "The directed edge.")],
            returns: Type::Int64,
            evaluate: |arguments| arguments.integer(0)?.map_i64(|edge| reversed(edge).map(integer)),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("edge", "The directed edge in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.text(0)?.map_text(|edge| reversed(edge).map(text)),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn reversed(edge: impl Cell) -> Option<DirectedEdgeIndex> {
    Some(edge.edge()?.reverse())
}
