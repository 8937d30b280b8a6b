//! `Box3D`: the box around a geometry in space.

use godwit_geometry::{Geometry, box_3d, corners_3d};

use crate::function::{Argument, Function, Kinds, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "Box3D",
    summary: "Returns the bounding box of a geometry in space; null when it is empty.",
    notes: "There is no type for boxes. A box with a volume is a POLYHEDRALSURFACE of its six \
            sides, a flat one a polygon, line or point. Without heights, the box lies at height 0.",
    example: "SELECT ST_ZMax(Box3D('LINESTRING(0 0 1, 2 1 3)'))",
    parity: Parity::Differs("In PostGIS, the result is a box3d."),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(box_around),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn box_around(geometry: Geometry<'_>) -> Option<Vec<u8>> {
    let [low, high] = corners_3d(geometry)?;
    Some(box_3d(low, high))
}
