//! `h3_reverse_directed_edge`: the edge in the other direction.

use h3o::DirectedEdgeIndex;

use super::cell::{Cell as _, IndexRows as _, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

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
            evaluate: reversed,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("edge", "The directed edge in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: reversed,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn reversed(arguments: &Arguments<'_>) -> Evaluated {
    Indexes::of(arguments, 0)?
        .map_index(arguments.result, |edge| Ok(edge.edge().map(DirectedEdgeIndex::reverse)))
}
