//! `ST_Difference`: what one geometry has and another has not.

use godwit_geometry::overlay;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Difference",
    category: Category::Overlay,
    summary: "Returns the positions of the first geometry that do not lie in the second.",
    notes: "Polygons must be valid unless results are rounded to a grid.",
    example: "SELECT ST_AsText(ST_Difference('LINESTRING(0 0, 2 0)', 'LINESTRING(1 0, 3 0)'))",
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
                return geometries.map_bytes(|(a, b)| overlay::difference(a, b));
            }
            (geometries, arguments.float(2)?)
                .map_bytes(|((a, b), grid_size)| overlay::difference_on_grid(a, b, grid_size))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
