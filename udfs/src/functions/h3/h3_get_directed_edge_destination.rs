//! `h3_get_directed_edge_destination`: the cell an edge ends in.

use h3o::CellIndex;

use super::cell::{Cell, integer, text};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_directed_edge_destination",
    category: Category::H3,
    summary: "Returns the cell that a directed edge ends in.",
    example: "SELECT h3_get_directed_edge_destination('165283473fffffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("edge", "The directed edge.")],
            returns: Type::Int64,
            evaluate: |arguments| {
                arguments.integer(0)?.map_i64(|edge| destination(edge).map(integer))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("edge", "The directed edge in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.text(0)?.map_text(|edge| destination(edge).map(text)),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn destination(edge: impl Cell) -> Option<CellIndex> {
    Some(edge.edge()?.destination())
}
