//! `h3_origin_to_directed_edges`: the edges of a cell.

use h3o::DirectedEdgeIndex;

use super::cell::{Cell, integers, texts};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_origin_to_directed_edges",
    category: Category::H3,
    summary: "Returns the directed edges that start in a cell.",
    example: "SELECT h3_origin_to_directed_edges('85283473fffffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Int64List,
            evaluate: |arguments| {
                arguments.integer(0)?.map_i64_list(|cell| edges(cell).as_deref().map(integers))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::TextList,
            evaluate: |arguments| {
                arguments.text(0)?.map_text_list(|cell| edges(cell).as_deref().map(texts))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn edges(cell: impl Cell) -> Option<Vec<DirectedEdgeIndex>> {
    let mut edges: Vec<_> = cell.cell()?.edges().collect();
    edges.sort_unstable_by_key(|edge| u64::from(*edge));
    Some(edges)
}
