//! `ST_Normalize`: the form in which equal geometries look alike.

use godwit_geometry::edit;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Normalize",
    category: Category::Processing,
    summary: "Returns a geometry in a form that does not depend on how it was drawn.",
    notes: "Rings and closed lines start at their lowest position, exterior rings run clockwise \
            and holes anticlockwise, open lines start at the lower end, and members are in \
            descending order. Measures are lost.",
    example: "SELECT ST_AsText(ST_Normalize('POLYGON((1 1, 1 0, 0 0, 1 1))'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| {
            arguments
                .geometry(0)?
                .map_appended(|geometry, bytes| edit::append_normalized(bytes, geometry))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
