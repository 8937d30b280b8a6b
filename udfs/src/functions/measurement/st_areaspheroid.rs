//! `ST_AreaSpheroid`: the area in square metres on the WGS 84 ellipsoid.

use godwit_geometry::geodesic;

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AreaSpheroid",
    aliases: &["ST_Area_Spheroid"],
    parity: Parity::Extension(
        "PostGIS measures so on its geography type; the name is that of DuckDB without the underscore.",
    ),
    category: Category::Measurement,
    summary: "Returns the area in square metres of the polygons of a geometry in longitude and \
              latitude, on the WGS 84 ellipsoid.",
    notes: "The first ordinate is the longitude, also under the name ST_Area_Spheroid, which \
            reads latitude first in DuckDB.",
    example: "SELECT ST_AreaSpheroid('POLYGON((0 50, 1 50, 1 51, 0 51, 0 50))')",
    overloads: &[Overload {
        arguments: &[Argument::geometry("geom", "The geometry.")],
        returns: Type::Float64,
        evaluate: |arguments| arguments.geometry(0)?.map_f64(geodesic::area_spheroid),
        ..Overload::BASE
    }],
    ..Function::BASE
};
