//! `h3_cell_to_children`: the cells that a cell contains.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::cell::{Cell as _, Index, IndexRows as _, Indexes, check_count, listed, resolution};
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_children",
    aliases: &["h3_tochildren", "h3_cell_to_children_string"],
    category: Category::H3,
    summary: "Returns the cells of a finer resolution that a cell contains.",
    notes: "Null when the resolution is coarser than that of the cell. More than ten million \
            cells are refused.",
    example: "SELECT h3_cell_to_children('8928308280fffff', 10)",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[
                Argument::integer("cell", "The cell."),
                Argument::integer("resolution", "The finer resolution."),
            ],
            returns: Type::Int64List,
            evaluate: all_children,
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::text("cell", "The cell in hexadecimal digits."),
                Argument::integer("resolution", "The finer resolution."),
            ],
            returns: Type::TextList,
            evaluate: all_children,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn all_children(arguments: &Arguments<'_>) -> Evaluated {
    (Indexes::of(arguments, 0)?, arguments.integer(1)?)
        .map_indexes(arguments.result, |(cell, number)| children(cell, number))
}

fn children(cell: Index, number: i64) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    let (Some(cell), Some(resolution)) = (cell.cell(), resolution(number)) else {
        return Ok(None);
    };
    if resolution < cell.resolution() {
        return Ok(None);
    }
    check_count(cell.children_count(resolution))?;
    listed(cell.children(resolution)).map(Some)
}
