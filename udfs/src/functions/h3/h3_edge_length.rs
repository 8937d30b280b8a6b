//! `h3_edge_length`: the length of an edge.

use super::cell::{Cell as _, Index, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_edge_length",
    category: Category::H3,
    summary: "Returns the exact length of a directed edge.",
    notes: "Units are `km`, `m` and `rads`; null for others. Without a unit, kilometres.",
    example: "SELECT h3_edge_length('115283473fffffff', 'm')",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("edge", "The directed edge."),
                Argument::text("unit", "`km`, `m` or `rads`.").optional(),
            ],
            returns: Type::Float64,
            evaluate: lengths,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("edge", "The directed edge in hexadecimal digits."),
                Argument::text("unit", "`km`, `m` or `rads`.").optional(),
            ],
            returns: Type::Float64,
            evaluate: lengths,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn lengths(arguments: &Arguments<'_>) -> Evaluated {
    let edges = Indexes::of(arguments, 0)?;
    if arguments.len() == 1 {
        return edges.map_f64(|edge| length(edge, "km"));
    }
    (edges, arguments.text(1)?).map_f64(|(edge, unit)| length(edge, unit))
}

fn length(edge: Index, unit: &str) -> Option<f64> {
    let edge = edge.edge()?;
    match unit {
        "km" => Some(edge.length_km()),
        "m" => Some(edge.length_m()),
        "rads" => Some(edge.length_rads()),
        _ => None,
    }
}
