//! `ST_LengthSpheroid`: the length in metres on the WGS 84 ellipsoid.

use godwit_geometry::geodesic;

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LengthSpheroid",
    aliases: &["ST_Length_Spheroid", "ST_Length2DSpheroid"],
    parity: Parity::Differs("In PostGIS, a second argument names the ellipsoid."),
    category: Category::Measurement,
    summary: "Returns the length in metres of the lines of a geometry in longitude and latitude, \
              on the WGS 84 ellipsoid.",
    notes: "The first ordinate is the longitude, also under the name ST_Length_Spheroid, which \
            reads latitude first in DuckDB.",
    example: "SELECT ST_LengthSpheroid('LINESTRING(0 0, 0 1)')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| arguments.geometry(0)?.map_f64(geodesic::length_spheroid),
        ..Overload::BASE
    }],
    ..Function::BASE
};
