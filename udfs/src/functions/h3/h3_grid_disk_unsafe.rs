//! `h3_grid_disk_unsafe`: the cells around a cell, away from pentagons.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::cell::{CELL_AND_STEPS, Cell, TEXT_AND_STEPS, check_count, integers, steps, texts};
use crate::function::{Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_disk_unsafe",
    category: Category::H3,
    summary: "Returns the cells within a number of steps of a cell, itself among them.",
    notes: "Null when a pentagon is in the way; h3_grid_disk has no such limit. More than ten \
            million cells are refused.",
    example: "SELECT h3_grid_disk_unsafe('8928308280fffff', 1)",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[
        Overload {
            arguments: CELL_AND_STEPS,
            returns: Type::Int64List,
            evaluate: |arguments| {
                (arguments.integer(0)?, arguments.integer(1)?)
                    .map_i64_list(|(cell, k)| Ok(disk(cell, k)?.as_deref().map(integers)))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: TEXT_AND_STEPS,
            returns: Type::TextList,
            evaluate: |arguments| {
                (arguments.text(0)?, arguments.integer(1)?)
                    .map_text_list(|(cell, k)| Ok(disk(cell, k)?.as_deref().map(texts)))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn disk(cell: impl Cell, k: i64) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    let (Some(cell), Some(k)) = (cell.cell(), steps(k)) else {
        return Ok(None);
    };
    check_count(h3o::max_grid_disk_size(k))?;
    Ok(cell.grid_disk_fast(k).collect())
}
