//! `h3_grid_ring_unsafe`: the cells at a distance from a cell, away from pentagons.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::cell::{CELL_AND_STEPS, Cell, TEXT_AND_STEPS, check_count, integers, steps, texts};
use crate::function::{Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

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
    check_count(h3o::max_grid_ring_size(k))?;
    Ok(cell.grid_ring_fast(k).collect())
}
