//! `ST_Force2D`: a geometry without heights and measures.

use std::borrow::Cow;

use godwit_geometry::wkb::force_dimension;
use godwit_geometry::{Dimension, Geometry, to_iso};

use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Force2D",
    category: Category::Processing,
    summary: "Returns a geometry without heights and measures.",
    example: "SELECT ST_AsText(ST_Force2D('POINT ZM (1 2 3 4)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_borrowed(flat),
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn flat(geometry: Geometry<'_>) -> Cow<'_, [u8]> {
    // Members of a collection may have other dimensions.
    if geometry.dimension() == Dimension::Xy && !geometry.kind().is_collection() {
        return to_iso(geometry);
    }
    Cow::Owned(force_dimension(geometry, Dimension::Xy, 0.0, 0.0))
}
