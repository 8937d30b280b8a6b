//! `h3_grid_ring_unsafe`: the cells at a distance from a cell, away from pentagons.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::around;
use super::cell::check_count;
use crate::function::{Category, Function, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_ring_unsafe",
    category: Category::H3,
    summary: "Returns the cells at exactly a number of steps from a cell.",
    notes: "Null when a pentagon is in the way; h3_grid_ring has no such limit. More than ten \
            million cells are refused.",
    example: "SELECT h3_grid_ring_unsafe('8928308280fffff', 1)",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &around::overloads(|arguments| around::cells(arguments, ring)),
    ..Function::BASE
};

fn ring(cell: CellIndex, k: u32) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    check_count(h3o::max_grid_ring_size(k))?;
    Ok(cell.grid_ring_fast(k).collect())
}
