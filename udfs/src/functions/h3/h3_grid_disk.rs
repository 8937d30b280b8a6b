//! `h3_grid_disk`: the cells around a cell.

use godwit_geometry::GeometryError;
use h3o::CellIndex;

use super::cell::{CELL_AND_STEPS, Cell, TEXT_AND_STEPS, check_count, integers, texts};
use crate::function::{Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

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
    overloads: &[
        Overload {
            arguments: CELL_AND_STEPS,
            returns: Type::Int64List,
            evaluate: |arguments| {
                (arguments.integer(0)?, arguments.integer(1)?)
                    .map_i64_list(|(cell, number)| Ok(disk(cell, number)?.as_deref().map(integers)))
            },
            ..Overload::BASE
        },
        Overload {
            arguments: TEXT_AND_STEPS,
            returns: Type::TextList,
            evaluate: |arguments| {
                (arguments.text(0)?, arguments.integer(1)?)
                    .map_text_list(|(cell, number)| Ok(disk(cell, number)?.as_deref().map(texts)))
            },
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn disk(cell: impl Cell, k: i64) -> Result<Option<Vec<CellIndex>>, GeometryError> {
    let (Some(cell), Ok(k)) = (cell.cell(), u32::try_from(k)) else {
        return Ok(None);
    };
    let steps = u64::from(k);
    check_count(steps.saturating_mul(steps + 1).saturating_mul(3).saturating_add(1))?;
    Ok(Some(cell.grid_disk(k)))
}
