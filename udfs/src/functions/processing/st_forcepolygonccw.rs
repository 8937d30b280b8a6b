//! `ST_ForcePolygonCCW`: polygons whose exterior rings run anticlockwise.

use godwit_geometry::edit;

use crate::function::{Argument, Category, Function, Kinds, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ForcePolygonCCW",
    aliases: &["ST_ForceLHR", "CG_ForceLHR"],
    category: Category::Processing,
    summary: "Returns a geometry whose exterior rings run anticlockwise and holes clockwise.",
    notes: "Points and lines stay as they are, and so do surfaces in space.",
    kinds: Kinds::All,
    example: "SELECT ST_AsText(ST_ForcePolygonCCW('POLYGON((0 0, 1 1, 1 0, 0 0))'))",
    parity: Parity::Differs("PostGIS also reverses the lines of a geometry."),
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| {
            arguments.geometry(0)?.map_bytes(|geometry| edit::orient_rings(geometry, false))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
