//! `ST_DWithin`: whether two geometries are within a distance.

use arrow::array::Float64Array;
use godwit_geometry::measure::{self, Target};
use godwit_geometry::{Geometry, GeometryError};

use super::tolerance::checked_distance;
use crate::column::{Geometries, Values};
use crate::function::{Argument, Category, Evaluated, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_DWithin",
    aliases: &["ST_DWithin_GEOS"],
    category: Category::Predicate,
    summary: "Returns whether two geometries are no further apart than a distance.",
    notes: "The distance is in units of the reference system, so degrees for longitude and \
            latitude. Nothing is near an empty geometry. An arc is measured as the segments that \
            ST_CurveToLine draws for it.",
    parity: Parity::Differs("PostGIS measures to arcs themselves."),
    example: "SELECT ST_DWithin(ST_Point(0, 0), ST_Point(3, 4), 5)",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
            Argument::float("distance", "The largest distance, not below 0."),
        ],
        returns: Type::Boolean,
        evaluate: |arguments| {
            let (first, second) = (arguments.geometry(0)?, arguments.geometry(1)?);
            let distance = arguments.float(2)?;
            match (first.constant(), second.constant()) {
                (Some(constant), None) => return near(constant, second, distance),
                (None, Some(constant)) => return near(constant, first, distance),
                _ => {}
            }
            (first, second, distance).map_bool(|(a, b, distance)| {
                let distance = checked_distance("ST_DWithin", distance)?;
                Ok::<_, GeometryError>(measure::dwithin(a, b, distance))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

/// Returns whether rows are close to a geometry, which is prepared once.
fn near(
    constant: Geometry<'_>,
    rows: Geometries<'_>,
    distance: Values<'_, Float64Array>,
) -> Evaluated {
    let target = Target::new(constant);
    (rows, distance).map_bool(|(other, distance)| {
        Ok::<_, GeometryError>(target.dwithin(other, checked_distance("ST_DWithin", distance)?))
    })
}
