//! `h3_get_directed_edge_destination`: the cell an edge ends in.

use h3o::DirectedEdgeIndex;

use super::cell::{Cell as _, IndexRows as _, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

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
            evaluate: destinations,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("edge", "The directed edge in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: destinations,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn destinations(arguments: &Arguments<'_>) -> Evaluated {
    Indexes::of(arguments, 0)?
        .map_index(arguments.result, |edge| Ok(edge.edge().map(DirectedEdgeIndex::destination)))
}
