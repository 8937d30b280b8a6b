//! `ST_SymDifference`: what only one of two geometries has.

use godwit_geometry::overlay;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_SymDifference",
    aliases: &["ST_SymmetricDifference"],
    category: Category::Overlay,
    summary: "Returns the positions that lie in exactly one of two geometries.",
    notes: "Polygons must be valid unless results are rounded to a grid.",
    example: "SELECT ST_AsText(ST_SymDifference(ST_Point(0, 0), ST_Point(1, 1)))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
            Argument::float("gridsize", "The size of the grid that results are rounded to.")
                .optional(),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            let geometries = (arguments.geometry(0)?, arguments.geometry(1)?);
            if arguments.len() == 2 {
                return geometries.map_bytes(|(a, b)| overlay::sym_difference(a, b));
            }
            (geometries, arguments.float(2)?)
                .map_bytes(|((a, b), grid_size)| overlay::sym_difference_on_grid(a, b, grid_size))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
