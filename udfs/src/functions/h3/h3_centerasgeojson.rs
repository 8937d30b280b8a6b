//! `h3_centerasgeojson`: the centre of a cell as GeoJSON.

use super::geometry_text::as_geojson;
use super::h3_cell_to_point::centre;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_centerasgeojson",
    category: Category::H3,
    summary: "Returns the centre of a cell as a GeoJSON point.",
    example: "SELECT h3_centerasgeojson('8928308280fffff')",
    parity: Parity::Extension("Databricks has the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.integer(0)?.map_text(|cell| as_geojson(centre(cell))),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.text(0)?.map_text(|cell| as_geojson(centre(cell))),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
