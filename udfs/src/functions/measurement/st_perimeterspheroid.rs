//! `ST_PerimeterSpheroid`: the length in metres on the WGS 84 ellipsoid.

use godwit_geometry::geodesic;

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_PerimeterSpheroid",
    aliases: &["ST_Perimeter_Spheroid"],
    parity: Parity::Extension(
        "PostGIS measures so on its geography type; the name is that of DuckDB without the underscore.",
    ),
    category: Category::Measurement,
    summary: "Returns the length in metres of the rings of the polygons of a geometry in \
              longitude and latitude, on the WGS 84 ellipsoid.",
    notes: "The first ordinate is the longitude, also under the name ST_Perimeter_Spheroid, \
            which reads latitude first in DuckDB.",
    example: "SELECT ST_PerimeterSpheroid('POLYGON((0 50, 1 50, 1 51, 0 51, 0 50))')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| arguments.geometry(0)?.map_f64(geodesic::perimeter_spheroid),
        ..Overload::BASE
    }],
    ..Function::BASE
};
