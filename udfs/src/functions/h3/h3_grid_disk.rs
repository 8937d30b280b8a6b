//! `h3_grid_disk`: the cells around a cell.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::around;
use super::cell::{check_count, listed};
use crate::function::{Category, Function, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_disk",
    aliases: &["h3_kring", "ST_H3KRing"],
    category: Category::H3,
    summary: "Returns the cells within a number of steps of a cell, itself among them.",
    notes: "The order is not defined. More than ten million cells are refused.",
    example: "SELECT h3_grid_disk('8928308280fffff', 1)",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &around::overloads(|arguments| around::cells(arguments, disk)),
    ..Function::BASE
};

fn disk(cell: CellIndex, k: u32) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    let steps = u64::from(k);
    check_count(steps.saturating_mul(steps + 1).saturating_mul(3).saturating_add(1))?;
    // The quick way finds nothing when a pentagon is in the way.
    if let Some(disk) = cell.grid_disk_fast(k).collect() {
        return Ok(Some(disk));
    }
    listed(cell.grid_disk_safe(k)).map(Some)
}
