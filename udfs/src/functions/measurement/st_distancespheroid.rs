//! `ST_DistanceSpheroid`: the distance in metres on the WGS 84 ellipsoid.

use godwit_geometry::GeometryError;
use godwit_geometry::geodesic::{self, Ellipsoid};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_DistanceSpheroid",
    aliases: &["ST_Distance_Spheroid"],
    category: Category::Measurement,
    summary: "Returns the smallest distance in metres between two geometries in longitude and \
              latitude, on an ellipsoid.",
    notes: "An ellipsoid is written `SPHEROID[\"name\",6378137,298.257223563]`, with the larger \
            radius and the inverse of the flattening. The first ordinate is the longitude, also under the name ST_Distance_Spheroid, which \
            reads latitude first in DuckDB.",
    example: "SELECT ST_DistanceSpheroid(ST_Point(0, 0), ST_Point(0, 1))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
            Argument::text("measurement_spheroid", "The ellipsoid, WGS 84 if left out.").optional(),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            let geometries = (arguments.geometry(0)?, arguments.geometry(1)?);
            if arguments.len() == 2 {
                return geometries.map_f64(|(a, b)| geodesic::distance_spheroid(a, b));
            }
            (geometries, arguments.text(2)?).map_f64(|((a, b), spheroid)| {
                Ok::<_, GeometryError>(Ellipsoid::parse(spheroid)?.distance(a, b))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
