//! `ST_DFullyWithin`: whether all of one geometry is within a distance of another.

use godwit_geometry::measure;

use super::tolerance::checked_distance;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_DFullyWithin",
    category: Category::Predicate,
    summary: "Returns whether every position of the second geometry is within a distance of the \
            first.",
    notes: "The distance is in units of the reference system. Nothing is near an empty geometry.",
    example: "SELECT ST_DFullyWithin(ST_Point(0, 0), 'LINESTRING(3 4, 0 1)', 5)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
            Argument::float("distance", "The largest distance, not below 0."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?, arguments.float(2)?).map_bool(
                |(a, b, distance)| {
                    let distance = checked_distance("ST_DFullyWithin", distance)?;
                    measure::fully_within(a, b, distance)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
