//! `h3_get_num_cells`: how many cells a resolution has.

use super::cell::resolution;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_get_num_cells",
    category: Category::H3,
    summary: "Returns how many cells there are on earth at a resolution.",
    example: "SELECT h3_get_num_cells(5)",
    parity: Parity::Extension(
        "The H3 library and its extensions for DuckDB and PostgreSQL have the function.",
    ),
    overloads: &[Overload {
        arguments: &[Argument::integer("resolution", "The resolution, 0 to 15.")],
        returns: Type::Int64,
        evaluate: |arguments| arguments.integer(0)?.map_i64(cell_count),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn cell_count(number: i64) -> Option<i64> {
    i64::try_from(resolution(number)?.cell_count()).ok()
}
