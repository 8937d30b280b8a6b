//! `h3_compact_cells`: cells joined to larger ones.

use arrow::array::ArrayRef;
use h3o::CellIndex;

use super::cell::{IndexRows as _, cells_of};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_compact_cells",
    aliases: &["h3_compact", "h3_compact_cells_strings"],
    category: Category::H3,
    summary: "Returns the fewest cells that cover the same area as cells of one resolution.",
    notes: "Null when one of them is not a cell, or when they have different resolutions or come \
            twice.",
    example: "SELECT h3_compact_cells(h3_cell_to_children('8928308280fffff', 11))",
    parity: Parity::Extension(
        "The H3 library and its extensions have the function; Databricks has it as h3_compact.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::new("cells", Type::Int64List, "The cells.")],
            returns: Type::Int64List,
            evaluate: all_compacted,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::new(
                "cells",
                Type::TextList,
                "The cells in hexadecimal digits.",
            )],
            returns: Type::TextList,
            evaluate: all_compacted,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn all_compacted(arguments: &Arguments<'_>) -> Evaluated {
    arguments.list(0)?.map_indexes(arguments.result, |cells| compacted(&cells))
}

fn compacted(list: &ArrayRef) -> Option<Vec<CellIndex>> {
    let mut cells = cells_of(list)?;
    CellIndex::compact(&mut cells).ok()?;
    Some(cells)
}
