//! `h3_grid_ring`: the cells at a distance from a cell.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::cell::{CELL_AND_STEPS, Cell, TEXT_AND_STEPS, check_count, integers, steps, texts};
use super::ring::ring_of;
use crate::function::{Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

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
    overloads: &[
        Overload {
            arguments: CELL_AND_STEPS,
            returns: Type::Int64List,
            evaluate: |arguments| {
                (arguments.integer(0)?, arguments.integer(1)?)
                    .map_i64_list(|(cell, k)| Ok(ring(cell, k)?.as_deref().map(integers)))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: TEXT_AND_STEPS,
            returns: Type::TextList,
            evaluate: |arguments| {
                (arguments.text(0)?, arguments.integer(1)?)
                    .map_text_list(|(cell, k)| Ok(ring(cell, k)?.as_deref().map(texts)))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn ring(cell: impl Cell, k: i64) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    let (Some(cell), Some(k)) = (cell.cell(), steps(k)) else {
        return Ok(None);
    };
    // Near a pentagon, the whole disk is walked.
    check_count(h3o::max_grid_disk_size(k))?;
    Ok(Some(ring_of(cell, k)))
}
