//! `ST_ClosestPointOfApproach`: when two trajectories are closest.

use godwit_geometry::{GeometryError, measure};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_ClosestPointOfApproach",
    category: Category::Measurement,
    summary: "Returns the first time at which two trajectories are closest to each other; null \
            when they share no time.",
    notes: "A trajectory is a line whose measures are times and grow from vertex to vertex; \
            between them the speed is constant. Heights count.",
    example: "SELECT ST_ClosestPointOfApproach('LINESTRING M (0 0 0, 10 0 10)', 'LINESTRING M (6 \
            -4 0, 6 6 10)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("track1", "The first trajectory."),
            Argument::geometry("track2", "The second trajectory."),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?).map_f64(|(a, b)| {
                let approach = measure::closest_approach(a, b)?;
                Ok::<_, GeometryError>(approach.map(|approach| approach.time))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
