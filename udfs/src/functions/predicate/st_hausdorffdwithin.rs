//! `ST_HausdorffDWithin`: whether the Hausdorff distance of two geometries is within a distance.

use godwit_geometry::{GeometryError, measure};

use super::tolerance::checked_distance;

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_HausdorffDWithin",
    category: Category::Predicate,
    summary: "Returns whether the Hausdorff distance of two geometries is no larger than a \
            distance.",
    notes: "As ST_HausdorffDistance, it looks at vertices. The distance is in units of the \
            reference system. Nothing is near an empty geometry.",
    example: "SELECT ST_HausdorffDWithin('LINESTRING(0 0, 2 0)', 'LINESTRING(0 1, 2 3)', 3)",
    parity: Parity::Extension("The function of BigQuery, in the plane."),
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
                    let distance = checked_distance("ST_HausdorffDWithin", distance)?;
                    Ok::<_, GeometryError>(
                        measure::hausdorff_distance(a, b, None)
                            .is_some_and(|found| found <= distance),
                    )
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
