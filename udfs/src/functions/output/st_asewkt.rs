//! `ST_AsEWKT`: a geometry written as WKT with its SRID.

use godwit_geometry::{Geometry, wkt};

use super::st_astext::{MAX_DECIMALS, clamp_decimals};
use crate::function::{Argument, Category, Function, Kinds, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsEWKT",
    category: Category::Output,
    summary: "Returns the WKT of a geometry with an `SRID=` prefix when its SRID is known.",
    example: "SELECT ST_AsEWKT(ST_Point(1, 2, 4326))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("maxdecimaldigits", "The most decimals of a number, 15 if left out.")
                .optional(),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            let geometry = arguments.geometry(0)?;
            let srid = arguments.crs(0)?.and_then(|crs| crs.srid());
            let format = |geometry: Geometry<'_>, decimals| {
                wkt::format_ewkt(geometry, srid.or(geometry.srid()), decimals)
            };
            if arguments.len() == 1 {
                return geometry.map_text(|geometry| format(geometry, MAX_DECIMALS));
            }
            (geometry, arguments.integer(1)?)
                .map_text(|(geometry, decimals)| format(geometry, clamp_decimals(decimals)))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};
