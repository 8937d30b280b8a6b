//! `ST_TriangulatePolygon`: polygons cut into triangles.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_TriangulatePolygon",
    category: Category::Processing,
    summary: "Returns the polygons of a geometry cut into triangles, as a collection.",
    notes: "The constrained Delaunay triangulation: triangles have the vertices of the polygon, \
            fill it, and are as little slender as its border allows. Triangles have the heights \
            of their vertices. Points and lines are left out.",
    example: "SELECT ST_AsText(ST_TriangulatePolygon('POLYGON((0 0, 2 0, 1 2, 0 0))'))",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(construct::triangulate_polygon),
        ..Overload::BASE
    }],
    ..Function::BASE
};
