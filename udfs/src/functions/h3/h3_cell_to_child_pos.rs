//! `h3_cell_to_child_pos`: the position of a cell among its siblings.

use super::cell::{Cell as _, Index, Indexes, resolution};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_child_pos",
    category: Category::H3,
    summary: "Returns the position of a cell among all cells of its resolution in its parent of a \
              coarser resolution, counted from 0.",
    notes: "Null when the resolution is finer than that of the cell.",
    example: "SELECT h3_cell_to_child_pos('8928308280fffff', 7)",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The cell."),
                Argument::integer("resolution", "The resolution of the parent."),
            ],
            returns: Type::Int64,
            evaluate: positions,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("resolution", "The resolution of the parent."),
            ],
            returns: Type::Int64,
            evaluate: positions,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn positions(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, arguments.integer(1)?)
        .map_i64(|(cell, resolution)| position(cell, resolution))
}

fn position(cell: Index, number: i64) -> Option<i64> {
    i64::try_from(cell.cell()?.child_position(resolution(number)?)?).ok()
}
