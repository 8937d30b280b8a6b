//! `ST_ConvexHull`: the convex hull.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ConvexHull",
    category: Category::Processing,
    summary: "Returns the smallest convex geometry that contains a geometry.",
    example: "SELECT ST_AsText(ST_ConvexHull('MULTIPOINT(0 0, 2 0, 1 1, 0 2)'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Geometry,
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(construct::convex_hull),
        ..Overload::BASE
    }],
    ..Function::BASE
};
