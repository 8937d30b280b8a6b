//! `ST_Distance`: the distance between two geometries.

use godwit_geometry::measure::{self, Target};

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Distance",
    aliases: &["ST_Distance_GEOS"],
    category: Category::Measurement,
    summary: "Returns the smallest distance between two geometries; null when one is empty.",
    notes: "Units are those of the reference system, so degrees for longitude and latitude: take \
            ST_DistanceSphere or ST_DistanceSpheroid for metres. An arc is measured as the segments \
            that ST_CurveToLine draws for it.",
    parity: Parity::Differs("PostGIS measures to arcs themselves."),
    example: "SELECT ST_Distance(ST_Point(0, 0), ST_Point(3, 4))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            let (first, second) = (arguments.geometry(0)?, arguments.geometry(1)?);
            match (first.constant(), second.constant()) {
                (None, Some(constant)) => {
                    let target = Target::new(constant);
                    first.map_f64(|row| target.distance(row))
                }
                (Some(constant), None) => {
                    let target = Target::new(constant);
                    second.map_f64(|row| target.distance(row))
                }
                _ => (first, second).map_f64(|(a, b)| measure::distance(a, b)),
            }
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
