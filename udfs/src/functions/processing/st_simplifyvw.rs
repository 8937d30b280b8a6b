//! `ST_SimplifyVW`: a geometry without its smallest corners.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_SimplifyVW",
    category: Category::Processing,
    summary: "Returns a geometry without the vertices that span a small area with their \
              neighbours.",
    notes: "Works by Visvalingam and Whyatt: the vertex of the smallest triangle goes first, then \
            the next one, up to the area given. With heights the triangles lie in space. Lines \
            keep their ends and exterior rings three corners; holes may vanish. Rings may come to \
            cross.",
    example: "SELECT ST_AsText(ST_SimplifyVW('LINESTRING(0 0, 2 1, 4 0, 6 5)', 3))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("tolerance", "The area below which vertices are left out."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?)
                .map_bytes(|(geometry, tolerance)| construct::simplify_vw(geometry, tolerance))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
