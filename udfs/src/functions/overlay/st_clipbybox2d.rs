//! `ST_ClipByBox2D`: a geometry cut to a box.

use godwit_geometry::{Geometry, GeometryError, noding, write};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ClipByBox2D",
    category: Category::Overlay,
    summary: "Returns the part of a geometry inside of the bounding box of another one.",
    notes: "Faster than ST_Intersection, and polygons need not be valid. What lies in the box stays \
            as it is; of other geometries, points and lines on the border of the box are left out.",
    example: "SELECT ST_AsText(ST_ClipByBox2D('LINESTRING(0 0, 4 0)', ST_MakeEnvelope(1, -1, 2, 1)))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry to cut."),
            Argument::geometry("box", "A geometry whose bounding box is kept."),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_bytes(|(geometry, around)| clip(geometry, around))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn clip(geometry: Geometry<'_>, around: Geometry<'_>) -> Result<Vec<u8>, GeometryError> {
    let Some(bounds) = around.bounds() else {
        return Ok(write::empty(geometry.kind(), geometry.dimension()));
    };
    noding::clip_by_box(geometry, bounds)
}
