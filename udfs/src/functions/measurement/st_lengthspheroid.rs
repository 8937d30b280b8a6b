//! `ST_LengthSpheroid`: the length in metres on the WGS 84 ellipsoid.

use godwit_geometry::GeometryError;
use godwit_geometry::geodesic::Ellipsoid;

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_LengthSpheroid",
    aliases: &["ST_Length_Spheroid", "ST_Length2DSpheroid"],
    category: Category::Measurement,
    summary: "Returns the length in metres of the lines and of the rings of polygons of a geometry \
              in longitude and latitude, on an ellipsoid.",
    notes: "An ellipsoid is written `SPHEROID[\"name\",6378137,298.257223563]`, with the larger \
            radius and the inverse of the flattening. Heights in metres count. The first ordinate \
            is the longitude, also under the name ST_Length_Spheroid, which reads latitude first \
            in DuckDB.",
    example: "SELECT ST_LengthSpheroid('LINESTRING(0 0, 0 1)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::text("spheroid", "The ellipsoid, WGS 84 if left out.").optional(),
        ],
        returns: Type::Float64,
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            if arguments.len() == 1 {
                return geometry.map_f64(|geometry| Ellipsoid::wgs84().length(geometry));
            }
            (geometry, arguments.text(1)?).map_f64(|(geometry, spheroid)| {
                Ok::<_, GeometryError>(Ellipsoid::parse(spheroid)?.length(geometry))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
