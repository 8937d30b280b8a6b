//! `ST_NRings`: the number of rings.

use godwit_geometry::{Geometry, Kind, Layout};

use super::count;
use crate::function::{Argument, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_NRings",
    summary: "Returns the number of rings of a polygon or of all polygons in a collection.",
    example: "SELECT ST_NRings('POLYGON((0 0, 9 0, 9 9, 0 0), (3 1, 4 1, 4 2, 3 1))')",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| {
                let mut rings = 0;
                geometry.sequences(&mut |kind, _| {
                    rings += usize::from(kind.layout() == Layout::Rings);
                });
                count(rings + curved_rings(geometry))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// Returns the number of rings of areas with arcs, which are paths of their own.
fn curved_rings(geometry: Geometry<'_>) -> usize {
    match geometry.kind() {
        _ if geometry.is_basic() => 0,
        Kind::CurvePolygon => geometry.part_count(),
        _ => geometry.parts().map(curved_rings).sum(),
    }
}
