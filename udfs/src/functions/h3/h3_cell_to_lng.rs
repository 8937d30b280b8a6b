//! `h3_cell_to_lng`: the longitude of the centre of a cell.

use h3o::LatLng;

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_lng",
    category: Category::H3,
    summary: "Returns the longitude of the centre of a cell.",
    example: "SELECT h3_cell_to_lng('8928308280fffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Float64,
            evaluate: |arguments| arguments.integer(0)?.map_f64(longitude),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Float64,
            evaluate: |arguments| arguments.text(0)?.map_f64(longitude),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn longitude(cell: impl Cell) -> Option<f64> {
    cell.cell().map(|cell| LatLng::from(cell).lng())
}
