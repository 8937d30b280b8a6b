//! `ST_SimplifyPolygonHull`: a simpler polygon around or inside of a polygon.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_SimplifyPolygonHull",
    category: Category::Processing,
    summary: "Returns polygons with fewer vertices that contain, or are contained in, polygons.",
    notes: "An outer hull contains the polygons and an inner one is contained in them. \
            `vertex_fraction` is the part of the vertices to keep: 1 keeps all, and 0 gives the \
            most convex hull for which rings do not cross. Vertices are never added.",
    example: "SELECT ST_AsText(ST_SimplifyPolygonHull('POLYGON((0 0, 0 4, 2 3, 4 4, 0 0))', 0.5))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The polygon or multipolygon."),
            Argument::float("vertex_fraction", "The part of the vertices to keep, from 0 to 1."),
            Argument::new(
                "is_outer",
                Type::Boolean,
                "Whether the hull is outside, so if left out.",
            )
            .optional(),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?, arguments.boolean_or(2, true)?).map_bytes(
                |(geometry, part, is_outer)| {
                    construct::simplify_polygon_hull(geometry, part, is_outer)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
