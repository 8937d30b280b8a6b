//! `h3_cell_to_latlng`: the latitude and the longitude of the centre of a cell.

use h3o::LatLng;

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_latlng",
    category: Category::H3,
    summary: "Returns the latitude and the longitude of the centre of a cell.",
    notes: "h3_cell_to_point returns a point.",
    example: "SELECT h3_cell_to_latlng('8928308280fffff')",
    parity: Parity::Extension(
        "The extension for DuckDB has the function; that for PostgreSQL returns a point.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Float64List,
            evaluate: |arguments| arguments.integer(0)?.map_f64_list(centre),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Float64List,
            evaluate: |arguments| arguments.text(0)?.map_f64_list(centre),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn centre(cell: impl Cell) -> Option<Vec<f64>> {
    let centre = LatLng::from(cell.cell()?);
    Some(vec![centre.lat(), centre.lng()])
}
