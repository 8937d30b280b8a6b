//! `h3_cell_to_lat`: the latitude of the centre of a cell.

use h3o::LatLng;

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_lat",
    category: Category::H3,
    summary: "Returns the latitude of the centre of a cell.",
    example: "SELECT h3_cell_to_lat('8928308280fffff')",
    parity: Parity::Extension(
        "The H3 library and its extensions for PostgreSQL, DuckDB and Snowflake have the function.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Float64,
            evaluate: |arguments| arguments.integer(0)?.map_f64(latitude),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Float64,
            evaluate: |arguments| arguments.text(0)?.map_f64(latitude),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn latitude(cell: impl Cell) -> Option<f64> {
    cell.cell().map(|cell| LatLng::from(cell).lat())
}
