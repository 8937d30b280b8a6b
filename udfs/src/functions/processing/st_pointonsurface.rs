//! `ST_PointOnSurface`: a point inside a geometry.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_PointOnSurface",
    category: Category::Processing,
    summary: "Returns a point that lies in the geometry.",
    example: "SELECT ST_AsText(ST_PointOnSurface('POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(construct::point_on_surface),
        ..Overload::BASE
    }],
    ..Function::BASE
};
