//! `h3_cell_to_center_child`: the cell at the centre of a cell.

use h3o::CellIndex;

use super::cell::{Cell, integer, resolution, text};
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_center_child",
    category: Category::H3,
    summary: "Returns the cell of a finer resolution at the centre of a cell.",
    notes: "Null when the resolution is coarser than that of the cell. Without a resolution, the \
            next finer one is taken.",
    example: "SELECT h3_cell_to_center_child('8928308280fffff', 10)",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The cell."),
                Argument::integer("resolution", "The finer resolution.").optional(),
            ],
            returns: Type::Int64,
            evaluate: |arguments| {
                let cells = arguments.integer(0)?;
                if arguments.len() == 1 {
                    return cells.map_i64(|cell| next_centre_child(cell).map(integer));
                }
                (cells, arguments.integer(1)?)
                    .map_i64(|(cell, number)| centre_child(cell, number).map(integer))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("resolution", "The finer resolution.").optional(),
            ],
            returns: Type::Text,
            evaluate: |arguments| {
                let cells = arguments.text(0)?;
                if arguments.len() == 1 {
                    return cells.map_text(|cell| next_centre_child(cell).map(text));
                }
                (cells, arguments.integer(1)?)
                    .map_text(|(cell, number)| centre_child(cell, number).map(text))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn centre_child(cell: impl Cell, number: i64) -> Option<CellIndex> {
    cell.cell()?.center_child(resolution(number)?)
}

fn next_centre_child(cell: impl Cell) -> Option<CellIndex> {
    let cell = cell.cell()?;
    cell.center_child(cell.resolution().succ()?)
}
