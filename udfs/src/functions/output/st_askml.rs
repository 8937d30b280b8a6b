//! `ST_AsKML`: a geometry written as KML.

use godwit_geometry::transform::Transform;
use godwit_geometry::{Crs, Geometry, GeometryError, kml};

use super::st_astext::clamp_decimals;
use crate::arguments::Arguments;
use crate::function::{Argument, Category, Evaluated, Function, Overload, Type};
use crate::literal::{read_geometry_text, srid_crs};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsKML",
    category: Category::Output,
    summary: "Returns the KML of a geometry; null when it is empty.",
    notes: "KML is in longitude and latitude, so the geometry is brought there from its reference \
            system, which must be known. A collection of mixed kinds cannot be written.",
    example: "SELECT ST_AsKML(ST_Point(1, 2, 4326))",
    overloads: &[
        Overload {
            arguments: &[Argument::geometry("geom", "The geometry."), MAX_DECIMALS, PREFIX],
            returns: Type::Text,
            evaluate: geometry_rows,
            ..Overload::BASE
        },
        Overload {
            arguments: &[Argument::text("ewkt", "The geometry as EWKT."), MAX_DECIMALS, PREFIX],
            returns: Type::Text,
            evaluate: text_rows,
            ..Overload::BASE
        },
    ],
    ..Function::BASE
};

const MAX_DECIMALS: Argument =
    Argument::integer("maxdecimaldigits", "The most decimals of a number, 15 if left out.")
        .default("15");
const PREFIX: Argument =
    Argument::text("nprefix", "What stands in front of the colon of names; none if left out.")
        .optional();

fn geometry_rows(arguments: &Arguments<'_>) -> Evaluated {
    let crs = arguments.crs(0)?;
    let options = (arguments.integer_or(1, 15)?, arguments.text_or(2, "")?);
    (arguments.geometry(0)?, options).map_text(|(geometry, (decimals, prefix))| {
        let crs = crs.clone().or_else(|| geometry.srid().and_then(srid_crs));
        written(geometry, crs.as_ref(), decimals, prefix)
    })
}

fn text_rows(arguments: &Arguments<'_>) -> Evaluated {
    let options = (arguments.integer_or(1, 15)?, arguments.text_or(2, "")?);
    (arguments.text(0)?, options).map_text(|(text, (decimals, prefix))| {
        let (wkb, crs) = read_geometry_text(text)?;
        written(Geometry::try_new(&wkb)?, crs.as_ref(), decimals, prefix)
    })
}

fn written(
    geometry: Geometry<'_>,
    crs: Option<&Crs>,
    decimals: i64,
    prefix: &str,
) -> Result<Option<String>, GeometryError> {
    let crs = crs.ok_or_else(|| GeometryError::Transform {
        reason: "the reference system of \"geom\" is not known; name it with ST_SetSRID".to_owned(),
    })?;
    let degrees = Transform::between(crs, &Crs::wgs84())?.apply(geometry)?;
    kml::write(Geometry::try_new(&degrees)?, clamp_decimals(decimals), prefix)
}
