//! `ST_Reverse`: the vertices in the opposite order.

use godwit_geometry::edit;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Reverse",
    category: Category::Processing,
    summary: "Returns a geometry with the vertices of its lines and rings in the opposite order.",
    notes: "Points and the order of members stay as they are.",
    example: "SELECT ST_AsText(ST_Reverse('LINESTRING(0 0, 1 1, 2 0)'))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| {
            arguments
                .geometry(0)?
                .map_appended(|geometry, bytes| edit::append_reversed(bytes, geometry))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
