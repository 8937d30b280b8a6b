//! `ST_UnaryUnion`: the members of a geometry united.

use godwit_geometry::overlay;

use super::members::members;
use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_UnaryUnion",
    category: Category::Overlay,
    summary: "Returns the union of the members of a geometry, with lines cut where they meet.",
    example: "SELECT ST_AsText(ST_UnaryUnion('MULTIPOINT(1 1, 1 1)'))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("gridsize", "The size of the grid that results are rounded to.")
                .optional(),
        ],
        returns: Type::Geometry,
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry.map_bytes(|geometry| overlay::unary_union(&members(&[geometry])));
            }
            (geometry, arguments.float(1)?).map_bytes(|(geometry, grid_size)| {
                overlay::unary_union_on_grid(&members(&[geometry]), grid_size)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
