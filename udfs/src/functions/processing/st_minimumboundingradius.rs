//! `ST_MinimumBoundingRadius`: the centre and radius of the smallest circle around a geometry.

use godwit_geometry::construct;

use super::circle_record::{BOUNDING_CIRCLE, map};
use crate::function::{Argument, Category, Function, Overload};

pub(super) static FUNCTION: Function = Function {
    title: "ST_MinimumBoundingRadius",
    category: Category::Processing,
    summary: "Returns the centre and the radius of the smallest circle that contains a geometry.",
    notes: "The result is a record of `center` and `radius`; in FROM the call is a table of one \
            row with these columns. An empty geometry has an empty point and the radius 0. \
            ST_MinimumBoundingCircle draws the circle.",
    example: "SELECT (ST_MinimumBoundingRadius('LINESTRING(0 0, 4 0)')).radius",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: BOUNDING_CIRCLE,
        evaluate: |arguments| {
            map(&arguments.geometry(0)?, BOUNDING_CIRCLE, |geometry| {
                let circle = construct::bounding_circle(geometry);
                let radius = circle.map_or(0.0, |circle| circle.radius);
                Ok((circle.map(|circle| vec![circle.centre]), radius))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
