//! `h3_vertex_to_lng`: the longitude of a vertex.

use h3o::LatLng;

use super::cell::Cell;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_vertex_to_lng",
    category: Category::H3,
    summary: "Returns the longitude of a vertex.",
    example: "SELECT h3_vertex_to_lng('2222597fffffffff')",
    parity: Parity::Extension("The H3 library and its extension for DuckDB have the function."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("vertex", "The vertex.")],
            returns: Type::Float64,
            evaluate: |arguments| arguments.integer(0)?.map_f64(longitude),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("vertex", "The vertex in hexadecimal digits.")],
            returns: Type::Float64,
            evaluate: |arguments| arguments.text(0)?.map_f64(longitude),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn longitude(vertex: impl Cell) -> Option<f64> {
    Some(LatLng::from(vertex.vertex()?).lng())
}
