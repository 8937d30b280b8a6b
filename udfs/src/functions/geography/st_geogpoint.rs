//! `ST_GeogPoint`: a point on the earth.

use godwit_geometry::{Geometry, geodesic, write};

use crate::function::{Argument, Category, CrsRule, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_GeogPoint",
    category: Category::Constructor,
    summary: "Returns a point on the earth of a longitude and a latitude on WGS 84.",
    notes: "Positions outside of the range of longitudes and latitudes are turned into it.",
    example: "SELECT ST_AsText(ST_GeogPoint(24.75, 59.44))",
    parity: Parity::Extension("BigQuery and SedonaDB have the function."),
    overloads: &[Overload {
        arguments: &[
            Argument::float("longitude", "The longitude in degrees."),
            Argument::float("latitude", "The latitude in degrees."),
        ],
        returns: Type::Geography,
        crs: CrsRule::Wgs84,
        evaluate: |arguments| {
            (arguments.float(0)?, arguments.float(1)?).map_bytes(|(x, y)| {
                let point = write::point_xy(x, y);
                Ok(geodesic::in_range(Geometry::try_new(&point)?).into_owned())
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
