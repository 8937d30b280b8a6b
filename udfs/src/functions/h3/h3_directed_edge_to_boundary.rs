//! `h3_directed_edge_to_boundary`: the line between two cells.

use godwit_geometry::{Coord, Dimension, write};

use super::cell::Cell;
use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "h3_directed_edge_to_boundary",
    category: Category::H3,
    summary: "Returns the line that a directed edge crosses, in longitude and latitude on WGS 84.",
    notes: "The line has a vertex in the middle where it crosses the icosahedron. An edge on the \
            antimeridian is not cut.",
    example: "SELECT ST_AsText(h3_directed_edge_to_boundary('165283473fffffff'), 4)",
    parity: Parity::Extension(
        "The extension for DuckDB has it as h3_directed_edge_to_boundary_wkb.",
    ),
    overloads: &[
        Overload {
            arguments: &[Argument::integer("edge", "The directed edge.")],
            returns: Type::Geometry,
            crs: CrsRule::Wgs84,
            evaluate: |arguments| arguments.integer(0)?.map_bytes(boundary),
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("edge", "The directed edge in hexadecimal digits.")],
            returns: Type::Geometry,
            crs: CrsRule::Wgs84,
            evaluate: |arguments| arguments.text(0)?.map_bytes(boundary),
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

/// Returns the line of an edge as WKB.
pub(super) fn boundary(edge: impl Cell) -> Option<Vec<u8>> {
    let boundary = edge.edge()?.boundary();
    let coords = boundary.iter().map(|position| Coord::xy(position.lng(), position.lat()));
    Some(write::line_string(coords, Dimension::Xy))
}
