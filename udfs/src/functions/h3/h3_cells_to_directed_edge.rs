//! `h3_cells_to_directed_edge`: the edge from a cell to its neighbour.

use h3o::DirectedEdgeIndex;

use super::cell::{Cell, integer, text};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cells_to_directed_edge",
    category: Category::H3,
    summary: "Returns the directed edge from a cell to a neighbour.",
    notes: "Null when the cells are not neighbours.",
    example: "SELECT h3_cells_to_directed_edge('85283473fffffff', '85283447fffffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("origin", "The cell the edge starts in."),
                Argument::integer("destination", "The neighbour."),
            ],
            returns: Type::Int64,
            evaluate: |arguments| {
                (arguments.integer(0)?, arguments.integer(1)?)
                    .map_i64(|(origin, destination)| edge_between(origin, destination).map(integer))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("origin", "The cell the edge starts in in hexadecimal digits."),
                Argument::text("destination", "The neighbour in hexadecimal digits."),
            ],
            returns: Type::Text,
            evaluate: |arguments| {
                (arguments.text(0)?, arguments.text(1)?)
                    .map_text(|(origin, destination)| edge_between(origin, destination).map(text))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn edge_between(origin: impl Cell, destination: impl Cell) -> Option<DirectedEdgeIndex> {
    origin.cell()?.edge(destination.cell()?)
}
