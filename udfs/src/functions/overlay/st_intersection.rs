//! `ST_Intersection`: what two geometries share.

use godwit_geometry::overlay;

use super::gridded;
use crate::function::{Category, Function};

pub(super) static FUNCTION: Function = Function {
    title: "ST_Intersection",
    category: Category::Overlay,
    summary: "Returns the positions that lie in both geometries.",
    notes: "Polygons must be valid unless results are rounded to a grid.",
    example: "SELECT ST_AsText(ST_Intersection('LINESTRING(0 0, 2 0)', 'LINESTRING(1 0, 3 0)'))",
    overloads: &[gridded::overload(|arguments| {
        gridded::geometries(arguments, overlay::intersection, overlay::intersection_on_grid)
    })],
    ..Function::BASE
};
