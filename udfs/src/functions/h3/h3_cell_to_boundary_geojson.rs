//! `h3_cell_to_boundary_geojson`: the outline of a cell as GeoJSON.

use super::geometry_text::as_geojson;
use super::h3_cell_to_boundary::boundary;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_cell_to_boundary_geojson",
    aliases: &["h3_boundaryasgeojson"],
    category: Category::H3,
    summary: "Returns the outline of a cell as a GeoJSON geometry.",
    example: "SELECT h3_boundaryasgeojson('8928308280fffff')",
    parity: Parity::Extension("Databricks has it as h3_boundaryasgeojson."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("cell", "The cell.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.integer(0)?.map_text(|cell| as_geojson(boundary(cell))),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("cell", "The cell in hexadecimal digits.")],
            returns: Type::Text,
            evaluate: |arguments| arguments.text(0)?.map_text(|cell| as_geojson(boundary(cell))),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};
