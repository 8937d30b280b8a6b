//! `ST_AsGeoJSON`: a geometry or a row written as GeoJSON.

use std::fmt::Write as _;

use godwit_geometry::{Bounds, Crs, Geometry, GeometryError, Kind, geojson};

use super::feature::features;
use super::st_astext::clamp_decimals;
use crate::function::{Argument, Category, Function, Overload, Parity, Type};
use crate::rows::Rows as _;

/// The digits behind the point of a double that say something.
const ALL_DECIMALS: i64 = 15;

/// The codes that registries of reference systems give out.
const CODES: std::ops::RangeInclusive<i32> = 1024..=998_999;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsGeoJSON",
    category: Category::Output,
    summary: "Returns the GeoJSON geometry object of a geometry, or the feature of a row.",
    notes: "Options are a sum of 1 for a `bbox` member, 2 for a short `crs` member, 4 for a long \
            one and 8 for a short one unless the reference system is EPSG:4326; 8 if left out. \
            Measures are dropped. A row, as `t` or `t.*` of a table or a `named_struct`, becomes a \
            feature whose properties are its other fields. GeoJSON wants longitude and latitude: \
            reproject with ST_Transform(geom, 4326) before.",
    example: "SELECT ST_AsGeoJSON(ST_Point(1, 2))",
    overloads: &[
        Overload {
            arguments: &[
                Argument::geometry("geom", "The geometry."),
                Argument::integer(
                    "maxdecimaldigits",
                    "The most decimals of a number, 9 if left out.",
                )
                .default("9"),
                Argument::integer("options", "Which members to add.").optional(),
            ],
            returns: Type::Text,
            evaluate: |arguments| {
                let geometry = arguments.geometry(0)?;
                let crs = arguments.crs(0)?;
                match arguments.len() {
                    1 => geometry.map_written_text(|geometry, object| {
                        write(object, geometry, crs.as_ref(), 9, 8)
                    }),
                    2 => (geometry, arguments.integer(1)?).map_written_text(
                        |(geometry, decimals), object| {
                            write(object, geometry, crs.as_ref(), decimals, 8)
                        },
                    ),
                    _ => (geometry, arguments.integer(1)?, arguments.integer(2)?).map_written_text(
                        |(geometry, decimals, options), object| {
                            write(object, geometry, crs.as_ref(), decimals, options)
                        },
                    ),
                }
            },
            ..Overload::BASE
        },
        Overload {
            arguments: &[
                Argument::record("row", "The row."),
                Argument::text("geom_column", "The field with the geometry; else the first.")
                    .default("''"),
                Argument::integer(
                    "maxdecimaldigits",
                    "The most decimals of a number, 9 if left out.",
                )
                .default("9"),
                Argument::new("pretty_bool", Type::Boolean, "Whether each property gets a line.")
                    .default("FALSE"),
                Argument::text("id_column", "The field with the id of the feature.").optional(),
            ],
            returns: Type::Text,
            evaluate: features,
            ..Overload::BASE
        },
    ],
    parity: Parity::Differs(
        "The geometry of a feature without one is null, as GeoJSON has it; PostGIS writes an \
         object whose type is null.",
    ),
    ..Function::BASE
};

/// Returns the text of a geometry with all its decimals, and with the name of its reference system
/// unless it is EPSG:4326.
pub(crate) fn geojson_with_crs(
    geometry: Geometry<'_>,
    crs: Option<&Crs>,
) -> Result<String, GeometryError> {
    format(geometry, crs, ALL_DECIMALS, 8)
}

/// Returns the text of a geometry.
pub(super) fn format(
    geometry: Geometry<'_>,
    crs: Option<&Crs>,
    decimals: i64,
    options: i64,
) -> Result<String, GeometryError> {
    let mut object = String::new();
    write(&mut object, geometry, crs, decimals, options)?;
    Ok(object)
}

/// Writes a geometry to an empty text.
fn write(
    object: &mut String,
    geometry: Geometry<'_>,
    crs: Option<&Crs>,
    decimals: i64,
    options: i64,
) -> Result<(), GeometryError> {
    geojson::write(object, geometry, clamp_decimals(decimals));
    let mut members = String::new();
    if let Some(srid) = crs.and_then(Crs::srid) {
        let is_asked = options & 6 != 0 || (options & 8 != 0 && srid != 4326);
        let code = if options & 4 == 0 { "EPSG:" } else { "urn:ogc:def:crs:EPSG::" };
        if is_asked && !CODES.contains(&srid) {
            return Err(GeometryError::UnknownCrs {
                crs: srid.to_string(),
                reason: "no registry has such a code, so GeoJSON cannot name it".to_owned(),
            });
        }
        if is_asked {
            let _ = write!(
                members,
                r#""crs":{{"type":"name","properties":{{"name":"{code}{srid}"}}}},"#
            );
        }
    }
    // A geometry that is empty has a box at the origin, but a collection of nothing has none.
    let is_bare = geometry.kind() == Kind::GeometryCollection && geometry.part_count() == 0;
    if options & 1 != 0 && !is_bare {
        let bounds = geometry.bounds().unwrap_or(Bounds::point(0.0, 0.0));
        write_bounds(&mut members, geometry, bounds, clamp_decimals(decimals));
    }
    if !members.is_empty()
        && let Some(comma) = object.find(',')
    {
        object.insert_str(comma + 1, &members);
    }
    Ok(())
}

/// Writes a `bbox` member, with the heights if there are some and all decimals that were asked for.
fn write_bounds(members: &mut String, geometry: Geometry<'_>, bounds: Bounds, decimals: usize) {
    let mut corners = vec![bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax];
    if geometry.dimension().has_z() {
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        geometry.coords(|coord| {
            least = least.min(coord.z);
            most = most.max(coord.z);
        });
        if least > most {
            (least, most) = (0.0, 0.0);
        }
        corners = vec![bounds.xmin, bounds.ymin, least, bounds.xmax, bounds.ymax, most];
    }
    members.push_str("\"bbox\":[");
    for (index, ordinate) in corners.into_iter().enumerate() {
        let separator = if index > 0 { "," } else { "" };
        let _ = write!(members, "{separator}{ordinate:.decimals$}");
    }
    members.push_str("],");
}
