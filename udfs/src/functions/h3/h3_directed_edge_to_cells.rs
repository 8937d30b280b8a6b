//! `h3_directed_edge_to_cells`: the two cells of an edge.

use h3o::CellIndex;

use super::cell::{Cell, integers, texts};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_directed_edge_to_cells",
    category: Category::H3,
    summary: "Returns the cells that a directed edge starts and ends in.",
    example: "SELECT h3_directed_edge_to_cells('165283473fffffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("edge", "The directed edge.")],
            returns: Type::Int64List,
            evaluate: |arguments| {
                arguments.integer(0)?.map_i64_list(|edge| cells(edge).as_deref().map(integers))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("edge", "The directed edge in hexadecimal digits.")],
            returns: Type::TextList,
            evaluate: |arguments| {
                arguments.text(0)?.map_text_list(|edge| cells(edge).as_deref().map(texts))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn cells(edge: impl Cell) -> Option<Vec<CellIndex>> {
    let (origin, destination) = edge.edge()?.cells();
    Some(vec![origin, destination])
}
