//! `ST_DistanceSphere`: the distance in metres on a sphere.

use godwit_geometry::geodesic;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_DistanceSphere",
    aliases: &["ST_Distance_Sphere"],
    category: Category::Measurement,
    summary: "Returns the smallest distance in metres between two geometries in longitude and \
              latitude, on a sphere, of radius 6371008.77 m if left out.",
    notes: "Up to 0.6 percent off; ST_DistanceSpheroid is exact and slower. The first ordinate \
            is the longitude.",
    example: "SELECT ST_DistanceSphere(ST_Point(0, 0), ST_Point(0, 1))",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom1", "The first geometry."),
            Argument::geometry("geom2", "The second geometry."),
            Argument::float("radius", "The radius of the sphere in metres.").optional(),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            let geometries = (arguments.geometry(0)?, arguments.geometry(1)?);
            if arguments.len() == 2 {
                return geometries.map_f64(|(a, b)| geodesic::distance_sphere(a, b));
            }
            (geometries, arguments.float(2)?).map_f64(|((a, b), radius)| {
                geodesic::distance_sphere(a, b).map(|metres| metres / geodesic::RADIUS * radius)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
