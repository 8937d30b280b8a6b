//! `h3_cell_to_children_size`: how many cells a cell contains.

use super::cell::{Cell as _, Index, Indexes, resolution};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_children_size",
    category: Category::H3,
    summary: "Returns how many cells of a finer resolution a cell contains.",
    notes: "Null when the resolution is coarser than that of the cell.",
    example: "SELECT h3_cell_to_children_size('8928308280fffff', 11)",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The cell."),
                Argument::integer("resolution", "The finer resolution."),
            ],
            returns: Type::Int64,
            evaluate: children_counts,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("resolution", "The finer resolution."),
            ],
            returns: Type::Int64,
            evaluate: children_counts,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn children_counts(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, arguments.integer(1)?)
        .map_i64(|(cell, resolution)| children_count(cell, resolution))
}

fn children_count(cell: Index, number: i64) -> Option<i64> {
    let (cell, resolution) = (cell.cell()?, resolution(number)?);
    if resolution < cell.resolution() {
        return None;
    }
    i64::try_from(cell.children_count(resolution)).ok()
}
