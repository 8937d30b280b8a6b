//! `ST_ExteriorRing`: the outline of a polygon.

use godwit_geometry::{Geometry, Kind, Layout, append_iso, write};

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ExteriorRing",
    summary: "Returns the exterior ring of a polygon as a line; null for any other geometry.",
    example: "SELECT ST_AsText(ST_ExteriorRing('POLYGON((0 0, 1 0, 1 1, 0 0))'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("polygon", "The polygon.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_appended(exterior_ring),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn exterior_ring(geometry: Geometry<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    if geometry.kind() == Kind::CurvePolygon {
        match geometry.parts().next() {
            Some(ring) => append_iso(bytes, ring),
            None => bytes.extend(write::empty(Kind::CircularString, geometry.dimension())),
        }
        return Some(());
    }
    if geometry.kind().layout() != Layout::Rings {
        return None;
    }
    match geometry.rings().next() {
        Some(ring) => write::append_line(bytes, ring),
        None => bytes.extend(write::empty(Kind::LineString, geometry.dimension())),
    }
    Some(())
}
