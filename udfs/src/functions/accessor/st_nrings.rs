//! `ST_NRings`: the number of rings.

use godwit_geometry::Kind;

use super::count;
use crate::function::{Argument, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_NRings",
    summary: "Returns the number of rings of a polygon or of all polygons in a collection.",
    example: "SELECT ST_NRings('POLYGON((0 0, 9 0, 9 9, 0 0), (3 1, 4 1, 4 2, 3 1))')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| {
                let mut rings = 0;
                geometry.sequences(&mut |kind, _| rings += usize::from(kind == Kind::Polygon));
                count(rings)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
