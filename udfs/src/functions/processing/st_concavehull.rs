//! `ST_ConcaveHull`: a hull that follows its points inward.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ConcaveHull",
    category: Category::Processing,
    summary: "Returns a polygon around all vertices of a geometry that may turn inward.",
    notes: "Long edges of the hull are replaced by shorter ones to vertices inside. \
            `param_pctconvex` says how long edges may be, as a part of the range of distances \
            between neighbours: 1 gives the convex hull and 0 the most concave one that is still \
            in one piece. The hull of polygons holds them with their holes, and may be several \
            polygons; of other geometries only vertices count.",
    example: "SELECT ST_AsText(ST_ConcaveHull('MULTIPOINT(0 0, 4 0, 4 4, 3 4, 2 1, 1 4, 0 4)', 0))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("param_geom", "The geometry."),
            Argument::float("param_pctconvex", "How convex the hull is, from 0 to 1."),
            Argument::new(
                "param_allow_holes",
                Type::Boolean,
                "Whether the hull may have holes, not if left out.",
            )
            .optional(),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?, arguments.boolean_or(2, false)?)
                .map_bytes(|(geometry, part, allow_holes)| {
                    construct::concave_hull(geometry, part, allow_holes)
                })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
