//! `ST_NumInteriorRings`: the number of holes.

use godwit_geometry::Kind;

use super::count;
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_NumInteriorRings",
    aliases: &["ST_NumInteriorRing", "ST_NInteriorRings"],
    summary: "Returns the number of holes of a polygon; null for any other geometry.",
    example: "SELECT ST_NumInteriorRings('POLYGON((0 0, 9 0, 9 9, 0 0), (3 1, 4 1, 4 2, 3 1))')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| {
                let rings = match geometry.kind() {
                    Kind::Polygon => geometry.rings().len(),
                    Kind::CurvePolygon => geometry.part_count(),
                    _ => return None,
                };
                Some(count(rings.saturating_sub(1)))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
