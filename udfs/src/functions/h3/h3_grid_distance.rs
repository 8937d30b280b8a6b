//! `h3_grid_distance`: the number of steps between two cells.

use super::cell::{Cell as _, Index, Indexes};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_distance",
    aliases: &["h3_distance", "ST_H3CellDistance", "h3_try_distance", "h3_try_grid_distance"],
    category: Category::H3,
    summary: "Returns the number of steps between two cells of one resolution.",
    notes: "Null when the cells have different resolutions or are too far apart to count.",
    example: "SELECT h3_grid_distance('8928308280fffff', '8928308283bffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell1", "The first cell."),
                Argument::integer("cell2", "The second cell."),
            ],
            returns: Type::Int64,
            evaluate: distances,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell1", "The first cell in hexadecimal digits."),
                Argument::text("cell2", "The second cell in hexadecimal digits."),
            ],
            returns: Type::Int64,
            evaluate: distances,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn distances(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, Indexes::of(arguments, 1)?).map_i64(|(a, b)| distance(a, b))
}

fn distance(a: Index, b: Index) -> Option<i64> {
    a.cell()?.grid_distance(b.cell()?).ok().map(i64::from)
}
