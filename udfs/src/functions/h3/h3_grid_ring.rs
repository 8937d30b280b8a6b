//! `h3_grid_ring`: the cells at a distance from a cell.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::around;
use super::cell::check_count;
use super::ring::ring_of;
use crate::function::{Category, Function, Parity};

pub(super) static FUNCTION: Function = Function {
    title: "h3_grid_ring",
    aliases: &["h3_hexring"],
    category: Category::H3,
    summary: "Returns the cells at exactly a number of steps from a cell.",
    notes: "More than ten million cells are refused.",
    example: "SELECT h3_grid_ring('8928308280fffff', 1)",
    parity: Parity::Extension(
        "The H3 library and its extension for DuckDB have the function; Databricks has it as h3_hexring.",
    ),
    overloads: &around::overloads(|arguments| around::cells(arguments, ring)),
    ..Function::BASE
};

fn ring(cell: CellIndex, k: u32) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    // Near a pentagon, the whole disk is walked.
    check_count(h3o::max_grid_disk_size(k))?;
    Ok(Some(ring_of(cell, k)))
}
