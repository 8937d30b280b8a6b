//! `ST_SymDifference`: what only one of two geometries has.

use godwit_geometry::overlay;

use super::gridded;
use crate::function::{Category, Function};

pub(super) static FUNCTION: Function = Function {
    title: "ST_SymDifference",
    aliases: &["ST_SymmetricDifference"],
    category: Category::Overlay,
    summary: "Returns the positions that lie in exactly one of two geometries.",
    notes: "Polygons must be valid unless results are rounded to a grid.",
    example: "SELECT ST_AsText(ST_SymDifference(ST_Point(0, 0), ST_Point(1, 1)))",
    overloads: &[gridded::overload(|arguments| {
        gridded::geometries(arguments, overlay::sym_difference, overlay::sym_difference_on_grid)
    })],
    ..Function::BASE
};
