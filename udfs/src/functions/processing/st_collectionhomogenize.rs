//! `ST_CollectionHomogenize`: the simplest form of a collection.

use godwit_geometry::edit;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_CollectionHomogenize",
    category: Category::Processing,
    summary: "Returns the simplest form of a collection.",
    notes: "That is its only part, a multi geometry of parts of one type, or a collection with at \
            most one member for points, lines and polygons.",
    example: "SELECT ST_AsText(ST_CollectionHomogenize('GEOMETRYCOLLECTION(POINT(0 0), POINT(1 \
              1))'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| arguments.geometry(0)?.map_borrowed(edit::homogenize),
        ..Overload::BASE
    }],
    ..Function::BASE
};
