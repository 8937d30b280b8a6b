//! `ST_CPAWithin`: whether two trajectories come within a distance.

use godwit_geometry::{GeometryError, measure};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_CPAWithin",
    category: Category::Predicate,
    summary: "Returns whether two trajectories are within a distance of each other at some time \
            they share.",
    notes: "A trajectory is a line whose measures are times and grow from vertex to vertex; \
            between them the speed is constant. Heights count.",
    example: "SELECT ST_CPAWithin('LINESTRING M (0 0 0, 10 0 10)', 'LINESTRING M (6 -4 0, 6 6 \
            10)', 2)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("track1", "The first trajectory."),
            Argument::geometry("track2", "The second trajectory."),
            Argument::float("distance", "The largest distance."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?, arguments.float(2)?).map_bool(
                |(a, b, distance)| {
                    let approach = measure::closest_approach(a, b)?;
                    let is_within = approach.is_some_and(|found| found.distance <= distance);
                    Ok::<_, GeometryError>(is_within)
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
