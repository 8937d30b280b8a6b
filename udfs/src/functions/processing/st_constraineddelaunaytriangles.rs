//! `ST_ConstrainedDelaunayTriangles`: the Delaunay triangulation that keeps lines and borders.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload, Parity};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ConstrainedDelaunayTriangles",
    aliases: &["CG_ConstrainedDelaunayTriangles"],
    category: Category::Processing,
    summary: "Returns the vertices of a geometry as a TIN whose triangles cross none of its lines \
              and borders.",
    notes: "The triangles fill the convex hull, also outside of polygons and in their holes; \
            ST_TriangulatePolygon has those inside alone. They have the heights of their vertices.",
    example: "SELECT ST_AsText(ST_ConstrainedDelaunayTriangles('POLYGON((0 0, 2 0, 1 2, 0 0))'))",
    parity: Parity::Differs(
        "PostGIS has the function with SFCGAL, and orders triangles otherwise.",
    ),
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        evaluate: |arguments| arguments.geometry(0)?.map_bytes(construct::constrained_triangles),
        ..Overload::BASE
    }],
    ..Function::BASE
};
