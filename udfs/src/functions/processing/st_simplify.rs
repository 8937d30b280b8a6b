//! `ST_Simplify`: a geometry with fewer points.

use godwit_geometry::construct;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Simplify",
    category: Category::Processing,
    summary: "Returns a geometry without the points that lie closer than a tolerance to the line \
              through their neighbours.",
    notes: "Works by Douglas and Peucker, each line and ring alone, so rings may come to cross. \
            What collapses is left out, and null is returned when nothing is left, unless \
            `preserve_collapsed` is true.",
    example: "SELECT ST_AsText(ST_Simplify('LINESTRING(0 0, 1 0.1, 2 0)', 0.5))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("tolerance", "The largest distance of a point left out."),
            Argument::new("preserve_collapsed", Type::Boolean, "Whether to keep what collapses.")
                .optional(),
        ],
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            let tolerance = arguments.float(1)?;
            if arguments.len() == 2 {
                return (geometry, tolerance).map_bytes(|(geometry, tolerance)| {
                    construct::simplify(geometry, tolerance, false)
                });
            }
            (geometry, tolerance, arguments.boolean(2)?).map_bytes(
                |(geometry, tolerance, preserve_collapsed)| {
                    construct::simplify(geometry, tolerance, preserve_collapsed)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
