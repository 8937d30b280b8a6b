//! `h3_cell_to_center_child`: the cell at the centre of a cell.

use h3o::CellIndex;

use super::cell::{Cell as _, Index, IndexRows as _, Indexes, resolution};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

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
            evaluate: centre_children,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("resolution", "The finer resolution.").optional(),
            ],
            returns: Type::Text,
            evaluate: centre_children,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn centre_children(arguments: &Arguments<'_>) -> Evaluated {
    let cells = Indexes::of(arguments, 0)?;
    if arguments.len() == 1 {
        return cells.map_index(arguments.result, |cell| Ok(next_centre_child(cell)));
    }
    (cells, arguments.integer(1)?)
        .map_index(arguments.result, |(cell, number)| Ok(centre_child(cell, number)))
}

fn centre_child(cell: Index, number: i64) -> Option<CellIndex> {
    cell.cell()?.center_child(resolution(number)?)
}

fn next_centre_child(cell: Index) -> Option<CellIndex> {
    let cell = cell.cell()?;
    cell.center_child(cell.resolution().succ()?)
}
