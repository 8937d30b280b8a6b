//! `h3_cell_to_parent`: the cell that contains a cell.

use h3o::CellIndex;

use super::cell::{Cell as _, Index, IndexRows as _, Indexes, resolution};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_parent",
    aliases: &["h3_toparent"],
    category: Category::H3,
    summary: "Returns the cell of a coarser resolution that contains a cell.",
    notes: "Null when the resolution is finer than that of the cell. Without a resolution, the \
            next coarser one is taken.",
    example: "SELECT h3_cell_to_parent('8928308280fffff', 5)",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The cell."),
                Argument::integer("resolution", "The coarser resolution.").optional(),
            ],
            returns: Type::Int64,
            evaluate: parents,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("resolution", "The coarser resolution.").optional(),
            ],
            returns: Type::Text,
            evaluate: parents,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn parents(arguments: &Arguments<'_>) -> Evaluated {
    let cells = Indexes::of(arguments, 0)?;
    if arguments.len() == 1 {
        return cells.map_index(arguments.result, |cell| Ok(next_parent(cell)));
    }
    (cells, arguments.integer(1)?)
        .map_index(arguments.result, |(cell, number)| Ok(parent(cell, number)))
}

fn parent(cell: Index, number: i64) -> Option<CellIndex> {
    cell.cell()?.parent(resolution(number)?)
}

fn next_parent(cell: Index) -> Option<CellIndex> {
    let cell = cell.cell()?;
    cell.parent(cell.resolution().pred()?)
}
