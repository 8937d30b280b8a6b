//! `ST_DWithin_Spheroid`: whether two geometries are within some metres.

use godwit_geometry::GeometryError;
use godwit_geometry::geodesic::{self, Figure};

use super::tolerance::checked_distance;

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_DWithin_Spheroid",
    category: Category::Predicate,
    summary: "Returns whether two geometries in longitude and latitude are no further apart than \
            some metres on the WGS 84 ellipsoid.",
    notes: "The first ordinate is the longitude; DuckDB reads latitude first. Nothing is near an \
            empty geometry.",
    example: "SELECT ST_DWithin_Spheroid(ST_Point(0, 0), ST_Point(0, 1), 111000)",
    parity: Parity::Extension(
        "The function of DuckDB; PostGIS has ST_DWithin on its geography type.",
    ),
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
                    let distance = checked_distance("ST_DWithin_Spheroid", distance)?;
                    Ok::<_, GeometryError>(geodesic::dwithin(a, b, distance, Figure::Spheroid))
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
