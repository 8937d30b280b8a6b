//! `ST_3DDFullyWithin`: whether all of two geometries in space is within a distance.

use godwit_geometry::GeometryError;
use godwit_geometry::measure::space;

use super::tolerance::checked_distance;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_3DDFullyWithin",
    category: Category::Predicate,
    summary: "Returns whether no position of the first geometry is further than a distance from \
            any position of the second in space.",
    notes: "Without heights the answer is that of the plane. Nothing is near an empty geometry.",
    example: "SELECT ST_3DDFullyWithin('POINT Z (0 0 0)', 'LINESTRING Z (1 2 2, 0 0 9)', 5)",
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
                    let distance = checked_distance("ST_3DDFullyWithin", distance)?;
                    Ok::<_, GeometryError>(
                        space::max_distance_3d(a, b).is_some_and(|most| most <= distance),
                    )
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
