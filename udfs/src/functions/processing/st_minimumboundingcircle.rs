//! `ST_MinimumBoundingCircle`: the smallest circle around a geometry.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_MinimumBoundingCircle",
    category: Category::Processing,
    summary: "Returns the smallest circle that contains a geometry, as a polygon.",
    notes: "The corners of the polygon lie a little outside of the circle, so that it contains \
            the geometry with any number of segments. A quarter of a circle has 48 segments if \
            `segs_per_quarter` is left out. A single position gives a point.",
    example: "SELECT ST_AsText(ST_MinimumBoundingCircle('LINESTRING(0 0, 2 0)', 1), 3)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("segs_per_quarter", "The segments of a quarter circle.").optional(),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.integer_or(1, QUAD_SEGS)?).map_bytes(
                |(geometry, quad_segs)| {
                    let quad_segs = u32::try_from(quad_segs.clamp(1, 10_000)).unwrap_or(48);
                    construct::bounding_circle_polygon(geometry, quad_segs)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// The segments of a quarter circle when a call does not say.
const QUAD_SEGS: i64 = 48;
