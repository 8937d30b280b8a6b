//! `h3_vertex_to_latlng`: the position of a vertex.

use h3o::LatLng;

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_vertex_to_latlng",
    category: Category::H3,
    summary: "Returns the latitude and the longitude of a vertex.",
    notes: "h3_vertex_to_point returns a point.",
    example: "SELECT h3_vertex_to_latlng('2222597fffffffff')",
    parity: Parity::Extension(
        "The extension for DuckDB has the function; that for PostgreSQL returns a point.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("vertex", "The vertex.")],
            returns: Type::Float64List,
            evaluate: |arguments| arguments.integer(0)?.map_f64_list(position),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("vertex", "The vertex in hexadecimal digits.")],
            returns: Type::Float64List,
            evaluate: |arguments| arguments.text(0)?.map_f64_list(position),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn position(vertex: impl Cell) -> Option<Vec<f64>> {
    let position = LatLng::from(vertex.vertex()?);
    Some(vec![position.lat(), position.lng()])
}
