//! `ST_3DDWithin`: whether two geometries in space are within a distance.

use godwit_geometry::GeometryError;
use godwit_geometry::measure::space;

use super::tolerance::checked_distance;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_3DDWithin",
    category: Category::Predicate,
    summary: "Returns whether two geometries in space are no further apart than a distance.",
    notes: "A geometry without heights may be at any height; without any the answer is that of the \
            plane. Polygons are flat surfaces. Nothing is near an empty geometry.",
    example: "SELECT ST_3DDWithin('POINT Z (0 0 0)', 'POINT Z (1 2 2)', 3)",
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
                    let distance = checked_distance("ST_3DDWithin", distance)?;
                    Ok::<_, GeometryError>(space::dwithin_3d(a, b, distance))
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
