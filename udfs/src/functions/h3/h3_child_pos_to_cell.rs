//! `h3_child_pos_to_cell`: the cell at a position in its parent.

use h3o::CellIndex;

use super::cell::{Cell as _, Index, IndexRows as _, Indexes, resolution};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_child_pos_to_cell",
    category: Category::H3,
    summary: "Returns the cell of a finer resolution at a position in a cell, counted from 0.",
    notes: "Null when there is no such position.",
    example: "SELECT h3_child_pos_to_cell(8, '8928308280fffff', 11)",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("position", "The position, from 0."),
                Argument::integer("cell", "The parent."),
                Argument::integer("resolution", "The resolution of the child."),
            ],
            returns: Type::Int64,
            evaluate: children,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::integer("position", "The position, from 0."),
                Argument::text("cell", "The parent in hexadecimal digits."),
                Argument::integer("resolution", "The resolution of the child."),
            ],
            returns: Type::Text,
            evaluate: children,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn children(arguments: &Arguments<'_>) -> Evaluated {
    (arguments.integer(0)?, Indexes::of(arguments, 1)?, arguments.integer(2)?)
        .map_index(arguments.result, |(position, cell, number)| {
            Ok(child_at(position, cell, number))
        })
}

fn child_at(position: i64, cell: Index, number: i64) -> Option<CellIndex> {
    cell.cell()?.child_at(u64::try_from(position).ok()?, resolution(number)?)
}
