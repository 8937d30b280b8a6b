//! `ST_LargestEmptyCircle`: the largest circle between the parts of a geometry.

use godwit_geometry::construct;

use super::circle_record::{TOUCHING_CIRCLE, map_touching};
use crate::function::{Argument, Category, Function, Nulls, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_LargestEmptyCircle",
    category: Category::Processing,
    summary: "Returns the largest circle that has no part of a geometry in it.",
    notes: "The result is a record of the `center`, the position `nearest` to it on the geometry, \
            and the `radius`; in FROM the call is a table of one row with these columns. The \
            centre lies in `boundary`, the convex hull of the geometry if it is left out or \
            empty. The radius may be too small by `tolerance`, a thousandth of the extent if it \
            is 0 or left out. An empty geometry has empty points and the radius 0.",
    example: "SELECT (ST_LargestEmptyCircle('MULTIPOINT(0 0, 4 0, 0 4, 4 4)')).radius",
    nulls: Nulls::Seen,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("tolerance", "How much too small the radius may be.").optional(),
            Argument::geometry("boundary", "Where the centre must lie.").optional(),
        ],
        returns: TOUCHING_CIRCLE,
        evaluate: |arguments| {
            let tolerance = arguments.float_or(1, 0.0)?;
            map_touching(
                &(arguments.geometry(0)?, tolerance, arguments.maybe_geometry(2)?),
                |(geometry, tolerance, boundary)| {
                    construct::largest_empty_circle(geometry, tolerance, boundary)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
