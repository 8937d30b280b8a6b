//! `h3_are_neighbor_cells`: whether two cells share a side.

use super::cell::{Cell as _, Index, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_are_neighbor_cells",
    aliases: &[],
    category: Category::H3,
    summary: "Returns whether two cells of one resolution share a side.",
    notes: "Null when the cells have different resolutions.",
    example: "SELECT h3_are_neighbor_cells('880326b885fffff', '880326b887fffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell1", "The first cell."),
                Argument::integer("cell2", "The second cell."),
            ],
            returns: Type::Boolean,
            evaluate: neighbours,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell1", "The first cell in hexadecimal digits."),
                Argument::text("cell2", "The second cell in hexadecimal digits."),
            ],
            returns: Type::Boolean,
            evaluate: neighbours,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn neighbours(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, Indexes::of(arguments, 1)?).map_bool(|(a, b)| are_neighbours(a, b))
}

fn are_neighbours(a: Index, b: Index) -> Option<bool> {
    a.cell()?.is_neighbor_with(b.cell()?).ok()
}
