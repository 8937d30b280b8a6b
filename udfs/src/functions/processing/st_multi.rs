//! `ST_Multi`: a geometry as a multi geometry.

use std::borrow::Cow;

use godwit_geometry::{Geometry, to_iso, write};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Multi",
    category: Category::Processing,
    summary: "Returns a point, line or polygon as a multi geometry; others as they are.",
    example: "SELECT ST_AsText(ST_Multi(ST_Point(1, 2)))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_borrowed(multi),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn multi(geometry: Geometry<'_>) -> Cow<'_, [u8]> {
    if geometry.kind().is_collection() {
        return to_iso(geometry);
    }
    let part = to_iso(geometry);
    let parts: &[&[u8]] = if geometry.is_empty() { &[] } else { &[&part] };
    Cow::Owned(write::collection(geometry.kind().multi(), geometry.dimension(), parts))
}
