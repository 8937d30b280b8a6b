//! `ST_StartPoint`: the first point.

use godwit_geometry::{Coord, Geometry, write};

use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_StartPoint",
    summary: "Returns the first point of a geometry; null when it, or its first member, is empty.",
    example: "SELECT ST_AsText(ST_StartPoint('LINESTRING(0 0, 1 1)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_appended(append_first_point),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn append_first_point(geometry: Geometry<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    let coord = match geometry.line() {
        Some(line) => line.first()?,
        None => first_coord(geometry)?,
    };
    write::append_point(bytes, coord, geometry.dimension());
    Some(())
}

fn first_coord(geometry: Geometry<'_>) -> Option<Coord> {
    let mut first: Option<Coord> = None;
    // An empty first member has no first point, whatever comes after it.
    let mut member = geometry;
    while let Some(part) = member.parts().next() {
        if part.is_empty() {
            return None;
        }
        member = part;
    }
    geometry.sequences(&mut |_, sequence| first = first.or(sequence.first()));
    first
}
