//! `h3_cell_to_parent`: the cell that contains a cell.

use h3o::CellIndex;

use super::cell::{Cell, integer, resolution};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

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
            evaluate: |arguments| {
                let cells = arguments.integer(0)?;
                if arguments.len() == 1 {
                    return cells.map_i64(|cell| next_parent(cell).map(integer));
                }
                (cells, arguments.integer(1)?)
                    .map_i64(|(cell, number)| parent(cell, number).map(integer))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("resolution", "The coarser resolution.").optional(),
            ],
            returns: Type::Text,
            evaluate: |arguments| {
                let cells = arguments.text(0)?;
                if arguments.len() == 1 {
                    return cells.map_text(|cell| next_parent(cell).map(|cell| cell.to_string()));
                }
                (cells, arguments.integer(1)?)
                    .map_text(|(cell, number)| parent(cell, number).map(|cell| cell.to_string()))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn parent(cell: impl Cell, number: i64) -> Option<CellIndex> {
    cell.cell()?.parent(resolution(number)?)
}

fn next_parent(cell: impl Cell) -> Option<CellIndex> {
    let cell = cell.cell()?;
    cell.parent(cell.resolution().pred()?)
}
