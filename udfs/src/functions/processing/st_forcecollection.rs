//! `ST_ForceCollection`: a geometry as a collection.

use godwit_geometry::edit;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ForceCollection",
    category: Category::Processing,
    summary: "Returns a geometry as a collection.",
    notes: "A multi geometry becomes a collection of its members, another geometry one of itself.",
    example: "SELECT ST_AsText(ST_ForceCollection('MULTIPOINT(0 0, 1 1)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| arguments.geometry(0)?.map_borrowed(edit::to_collection),
        ..Overload::BASE
    }],
    ..Function::BASE
};
