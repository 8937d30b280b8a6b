//! `ST_DistanceSpheroid`: the distance in metres on the WGS 84 ellipsoid.

use godwit_geometry::geodesic;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_DistanceSpheroid",
    aliases: &["ST_Distance_Spheroid"],
    category: Category::Measurement,
    summary: "Returns the smallest distance in metres between two geometries in longitude and \
              latitude, on the WGS 84 ellipsoid.",
    notes: "The first ordinate is the longitude, also under the name ST_Distance_Spheroid, which \
            reads latitude first in DuckDB.",
    example: "SELECT ST_DistanceSpheroid(ST_Point(0, 0), ST_Point(0, 1))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.geometry(1)?)
                .map_f64(|(a, b)| geodesic::distance_spheroid(a, b))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
