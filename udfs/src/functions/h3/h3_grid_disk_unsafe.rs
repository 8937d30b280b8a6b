//! `h3_grid_disk_unsafe`: the cells around a cell, away from pentagons.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::around;
use super::cell::check_count;
use crate::function::{Category, Function, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_disk_unsafe",
    category: Category::H3,
    summary: "Returns the cells within a number of steps of a cell, itself among them.",
    notes: "Null when a pentagon is in the way; h3_grid_disk has no such limit. More than ten \
            million cells are refused.",
    example: "SELECT h3_grid_disk_unsafe('8928308280fffff', 1)",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &around::overloads(|arguments| around::cells(arguments, disk)),
    ..Function::BASE
};

fn disk(cell: CellIndex, k: u32) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    check_count(h3o::max_grid_disk_size(k))?;
    Ok(cell.grid_disk_fast(k).collect())
}
