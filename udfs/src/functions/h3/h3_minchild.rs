//! `h3_minchild`: the smallest cell in a cell.

use h3o::CellIndex;

use super::cell::{Cell as _, Index, IndexRows as _, Indexes, resolution};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_minchild",
    category: Category::H3,
    summary: "Returns the cell of a finer resolution with the smallest number that a cell \
              contains.",
    notes: "Null when the resolution is coarser than that of the cell.",
    example: "SELECT h3_minchild('8928308280fffff', 11)",
    parity: Parity::Extension("Databricks has the function."),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The cell."),
                Argument::integer("resolution", "The finer resolution."),
            ],
            returns: Type::Int64,
            evaluate: smallest_children,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("resolution", "The finer resolution."),
            ],
            returns: Type::Text,
            evaluate: smallest_children,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn smallest_children(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, arguments.integer(1)?)
        .map_index(arguments.result, |(cell, number)| Ok(smallest_child(cell, number)))
}

fn smallest_child(cell: Index, number: i64) -> Option<CellIndex> {
    let (cell, resolution) = (cell.cell()?, resolution(number)?);
    cell.center_child(resolution)
}
