//! `ST_Difference`: what one geometry has and another has not.

use godwit_geometry::overlay;

use super::gridded;
use crate::function::{Category, Function};

pub(super) static FUNCTION: Function = Function {
    title: "ST_Difference",
    category: Category::Overlay,
    summary: "Returns the positions of the first geometry that do not lie in the second.",
    notes: "Polygons must be valid unless results are rounded to a grid.",
    example: "SELECT ST_AsText(ST_Difference('LINESTRING(0 0, 2 0)', 'LINESTRING(1 0, 3 0)'))",
    overloads: &[gridded::overload(|arguments| {
        gridded::geometries(arguments, overlay::difference, overlay::difference_on_grid)
    })],
    ..Function::BASE
};
