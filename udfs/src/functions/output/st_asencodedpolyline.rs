//! `ST_AsEncodedPolyline`: a line written as an encoded polyline.

use godwit_geometry::{Geometry, GeometryError, polyline};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsEncodedPolyline",
    category: Category::Output,
    summary: "Returns the encoded polyline of a line or multipoint.",
    notes: "The reference system must be EPSG:4326, because the text has latitudes and longitudes; \
            reproject with ST_Transform(geom, 4326) before.",
    example: "SELECT ST_AsEncodedPolyline('SRID=4326;LINESTRING(-120.2 38.5, -120.95 40.7)')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The line, in degrees."),
            Argument::integer("nprecision", "The decimals, 5 if left out or negative.").optional(),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            let srid = arguments.crs(0)?.and_then(|crs| crs.srid());
            (arguments.geometry(0)?, arguments.integer_or(1, 5)?).map_text(
                |(geometry, precision)| {
                    check_degrees(geometry, srid)?;
                    polyline::encode(geometry, usize::try_from(precision).unwrap_or(5))
                },
            )
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn check_degrees(geometry: Geometry<'_>, srid: Option<i32>) -> Result<(), GeometryError> {
    if srid.or(geometry.srid()) == Some(4326) {
        return Ok(());
    }
    Err(GeometryError::InvalidArgument {
        reason: "ST_AsEncodedPolyline takes geometries in EPSG:4326; \
                 use ST_Transform(geom, 4326), or ST_SetSRID when it is mislabelled"
            .to_owned(),
    })
}
