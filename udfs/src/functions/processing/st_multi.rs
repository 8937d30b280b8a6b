//! `ST_Multi`: a geometry as a multi geometry.

use godwit_geometry::{Geometry, append_iso, write};

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Multi",
    category: Category::Processing,
    summary: "Returns a point, line or polygon as a multi geometry; others as they are.",
    notes: "A path with arcs becomes a MULTICURVE, an area with arcs a MULTISURFACE and a TRIANGLE a \
            TIN.",
    example: "SELECT ST_AsText(ST_Multi(ST_Point(1, 2)))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_appended(append_multi),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn append_multi(geometry: Geometry<'_>, bytes: &mut Vec<u8>) {
    let multi = geometry.kind().multi();
    if multi == geometry.kind() {
        return append_iso(bytes, geometry);
    }
    let count = u32::from(!geometry.is_empty());
    write::append_header(bytes, multi, geometry.dimension(), count);
    if count > 0 {
        append_iso(bytes, geometry);
    }
}
