//! `ST_EstimateSRID`: the projection that suits a geometry.

use godwit_geometry::geodesic;

use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_EstimateSRID",
    aliases: &["ST_BestSRID", "_ST_BestSRID"],
    category: Category::ReferenceSystem,
    summary: "Returns the EPSG code of the projection in which a geometry in longitude and \
              latitude is measured well.",
    notes: "It is a UTM zone, or a polar projection beyond 70 degrees. What is wider than a zone \
            has an equal-area projection in PostGIS, which has no code in the EPSG registry: then \
            the code is 3395, Mercator for the world. Null for an empty geometry.",
    example: "SELECT ST_EstimateSRID('POINT(24.75 59.44)')",
    parity: Parity::Extension(
        "Databricks has the function; PostGIS has _ST_BestSRID with numbers of its own.",
    ),
    overloads: &[Overload {
        arguments: &[Argument::geography("geom", "The geometry, in longitude and latitude.")],
        returns: Type::Int32,
        evaluate: |arguments| {
            arguments.geometry(0)?.map_i32(|geometry| {
                let projection = geodesic::best_projection(&[geometry])?;
                Some(projection.srid.unwrap_or(3395))
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
