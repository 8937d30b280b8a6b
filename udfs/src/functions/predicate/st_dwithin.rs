//! `ST_DWithin`: whether two geometries are within a distance.

use godwit_geometry::{GeometryError, measure};

use super::tolerance::checked_distance;
use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_DWithin",
    aliases: &["ST_DWithin_GEOS"],
    category: Category::Predicate,
    summary: "Returns whether two geometries are no further apart than a distance.",
    notes: "The distance is in units of the reference system, so degrees for longitude and \
            latitude. Nothing is near an empty geometry.",
    example: "SELECT ST_DWithin(ST_Point(0, 0), ST_Point(3, 4), 5)",
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
                    let distance = checked_distance("ST_DWithin", distance)?;
                    Ok::<_, GeometryError>(measure::dwithin(a, b, distance))
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
