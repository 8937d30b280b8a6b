//! `ST_ExteriorRing`: the outline of a polygon.

use godwit_geometry::{Geometry, Kind, write};

use crate::function::{Argument, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ExteriorRing",
    summary: "Returns the exterior ring of a polygon as a line; null for any other geometry.",
    example: "SELECT ST_AsText(ST_ExteriorRing('POLYGON((0 0, 1 0, 1 1, 0 0))'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("polygon", "The polygon.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_appended(exterior_ring),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn exterior_ring(geometry: Geometry<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    if geometry.kind() != Kind::Polygon {
        return None;
    }
    match geometry.rings().next() {
        Some(ring) => write::append_line(bytes, ring),
        None => bytes.extend(write::empty(Kind::LineString, geometry.dimension())),
    }
    Some(())
}
