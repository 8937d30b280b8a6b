//! `h3_cells_to_directed_edge`: the edge from a cell to its neighbour.

use h3o::DirectedEdgeIndex;

use super::cell::{Cell as _, Index, IndexRows as _, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

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
            evaluate: edges,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("origin", "The cell the edge starts in in hexadecimal digits."),
                Argument::text("destination", "The neighbour in hexadecimal digits."),
            ],
            returns: Type::Text,
            evaluate: edges,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn edges(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, Indexes::of(arguments, 1)?)
        .map_index(arguments.result, |(origin, destination)| Ok(edge_between(origin, destination)))
}

fn edge_between(origin: Index, destination: Index) -> Option<DirectedEdgeIndex> {
    origin.cell()?.edge(destination.cell()?)
}
