//! `ST_PointInsideCircle`: whether a point lies in a circle.

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_PointInsideCircle",
    aliases: &["ST_Point_Inside_Circle"],
    category: Category::Predicate,
    summary: "Returns whether a point lies inside of a circle; null for an empty point or another \
            geometry.",
    notes: "A point on the circle is not inside of it.",
    example: "SELECT ST_PointInsideCircle(ST_Point(1, 2), 0, 0, 3)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("point", "The point."),
            Argument::float("center_x", "The X of the centre."),
            Argument::float("center_y", "The Y of the centre."),
            Argument::float("radius", "The radius."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| {
            let centre = (arguments.float(1)?, arguments.float(2)?);
            (arguments.geometry(0)?, centre, arguments.float(3)?).map_bool(
                |(point, (x, y), radius)| {
                    let [px, py] = point.point_xy()?;
                    Some(((px - x) * (px - x) + (py - y) * (py - y)).sqrt() < radius)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
