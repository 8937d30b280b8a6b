//! `h3_max_grid_disk_size`: how many cells a disk may have.

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_max_grid_disk_size",
    category: Category::H3,
    summary: "Returns how many cells there are at most within a number of steps of a cell.",
    example: "SELECT h3_max_grid_disk_size(2)",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[Overload {
        arguments: &[Argument::integer("k", "The number of steps.")],
        returns: Type::Int64,
        evaluate: |arguments| arguments.integer(0)?.map_i64(size),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn size(k: i64) -> Option<i64> {
    let steps = u32::try_from(k.min(i64::from(u32::MAX))).ok()?;
    i64::try_from(h3o::max_grid_disk_size(steps)).ok()
}
