//! `h3_directed_edge_to_cells`: the two cells of an edge.

use super::cell::{Cell as _, IndexRows as _, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

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
            evaluate: ends,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("edge", "The directed edge in hexadecimal digits.")],
            returns: Type::TextList,
            evaluate: ends,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn ends(arguments: &Arguments<'_>) -> Evaluated {
    Indexes::of(arguments, 0)?.map_indexes(arguments.result, |edge| {
        let (origin, destination) = edge.edge()?.cells();
        Some(vec![origin, destination])
    })
}
