//! `ST_MaximumInscribedCircle`: the largest circle inside of a geometry.

use godwit_geometry::construct;

use super::circle_record::{TOUCHING_CIRCLE, map_touching};
use crate::function::{Argument, Category, Function, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_MaximumInscribedCircle",
    category: Category::Processing,
    summary: "Returns the largest circle that fits into a geometry.",
    notes: "The result is a record of the `center`, the position `nearest` to it on the border, \
            and the `radius`; in FROM the call is a table of one row with these columns. Other \
            geometries than polygons give the largest circle between their parts whose centre \
            lies in their convex hull. The radius may be too small by `tolerance`, a thousandth of \
            the extent if it is left out. An empty geometry has empty points and the radius 0.",
    example: "SELECT (ST_MaximumInscribedCircle('POLYGON((0 0, 4 0, 4 4, 0 4, 0 0))')).radius",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("tolerance", "How much too small the radius may be.").optional(),
        ],
        returns: TOUCHING_CIRCLE,
        evaluate: |arguments| {
            map_touching(
                &(arguments.geometry(0)?, arguments.float_or(1, 0.0)?),
                |(geometry, tolerance)| construct::maximum_inscribed_circle(geometry, tolerance),
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
