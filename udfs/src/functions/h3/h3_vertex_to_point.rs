//! `h3_vertex_to_point`: the position of a vertex as a point.

use godwit_geometry::write;
use h3o::LatLng;

use super::cell::Cell;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_vertex_to_point",
    aliases: &["h3_vertex_to_geometry"],
    category: Category::H3,
    summary: "Returns a vertex as a point in longitude and latitude on WGS 84.",
    example: "SELECT ST_AsText(h3_vertex_to_point('2222597fffffffff'), 6)",
    parity: Parity::Extension("The extension for PostgreSQL has it as h3_vertex_to_latlng."),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("vertex", "The vertex.")],
            returns: Type::Geometry,
            crs: CrsRule::Wgs84,
            evaluate: |arguments| arguments.integer(0)?.map_bytes(position),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("vertex", "The vertex in hexadecimal digits.")],
            returns: Type::Geometry,
            crs: CrsRule::Wgs84,
            evaluate: |arguments| arguments.text(0)?.map_bytes(position),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

fn position(vertex: impl Cell) -> Option<Vec<u8>> {
    let position = LatLng::from(vertex.vertex()?);
    Some(write::point_xy(position.lng(), position.lat()))
}
