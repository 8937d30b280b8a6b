//! `h3_origin_to_directed_edges`: the edges of a cell.

use super::cell::{Cell as _, IndexRows as _, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

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
            evaluate: edges,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::TextList,
            evaluate: edges,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn edges(arguments: &Arguments<'_>) -> Evaluated {
    Indexes::of(arguments, 0)?.map_indexes(arguments.result, |cell| {
        let mut edges: Vec<_> = cell.cell()?.edges().collect();
        edges.sort_unstable_by_key(|edge| u64::from(*edge));
        Some(edges)
    })
}
