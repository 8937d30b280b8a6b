//! `HAVERSINE`: the distance in kilometres between two positions.

use godwit_geometry::geodesic::{self, Figure};

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

/// The radius of the earth in kilometres, as Snowflake has it.
const RADIUS: f64 = 6371.0;

pub(super) static FUNCTION: Function = Function {
    title: "HAVERSINE",
    category: Category::Measurement,
    summary: "Returns the distance in kilometres between two positions on a sphere of radius 6371 \
            km.",
    notes: "The latitude comes first. ST_DistanceSphere takes points and answers in metres.",
    example: "SELECT HAVERSINE(0, 0, 0, 1)",
    parity: Parity::Extension("The function of Snowflake."),
    overloads: &[Overload {
        arguments: &[
            Argument::float("lat1", "The latitude of the first position in degrees."),
            Argument::float("lon1", "The longitude of the first position in degrees."),
            Argument::float("lat2", "The latitude of the second position in degrees."),
            Argument::float("lon2", "The longitude of the second position in degrees."),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            let from = (arguments.float(0)?, arguments.float(1)?);
            let to = (arguments.float(2)?, arguments.float(3)?);
            (from, to).map_f64(|((lat1, lon1), (lat2, lon2))| {
                let metres = geodesic::between([lon1, lat1], [lon2, lat2], Figure::Sphere);
                metres.map(|metres| metres / geodesic::RADIUS * RADIUS)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
