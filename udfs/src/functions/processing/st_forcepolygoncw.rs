//! `ST_ForcePolygonCW`: polygons whose exterior rings run clockwise.

use godwit_geometry::edit;

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ForcePolygonCW",
    aliases: &["ST_ForceRHR"],
    category: Category::Processing,
    summary: "Returns a geometry whose exterior rings run clockwise and holes anticlockwise.",
    notes: "Points and lines stay as they are, and so do surfaces in space.",
    kinds: Kinds::All,
    example: "SELECT ST_AsText(ST_ForcePolygonCW('POLYGON((0 0, 1 0, 1 1, 0 0))'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| {
            arguments.geometry(0)?.map_bytes(|geometry| edit::orient_rings(geometry, true))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
