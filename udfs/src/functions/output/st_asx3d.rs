//! `ST_AsX3D`: a geometry written as X3D.

use godwit_geometry::{Geometry, GeometryError, X3dOptions, format_x3d};

use super::st_astext::clamp_decimals;
use crate::function::{Argument, Category, Function, Kinds, Overload, Parity, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsX3D",
    category: Category::Output,
    summary: "Returns a geometry as a node of X3D, the XML of scenes in space.",
    notes: "Points become bare positions, members of collections shapes. The options are a sum: 1 \
            writes Y before X, 2 makes geographic coordinates, which must be in EPSG:4326.",
    example: "SELECT ST_AsX3D('LINESTRING Z (0 0 1, 2 1 3)')",
    parity: Parity::Differs(
        "PostGIS leaves out elements where polygons and several lines have no height.",
    ),
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::integer("maxdecimaldigits", "The most decimals of a number, 15 if left out.")
                .default("15"),
            Argument::integer("options", "The sum of the options, 0 if left out.").optional(),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            let srid = arguments.crs(0)?.and_then(|crs| crs.srid());
            let numbers = (arguments.integer_or(1, 15)?, arguments.integer_or(2, 0)?);
            (arguments.geometry(0)?, numbers).map_text(|(geometry, (decimals, options))| {
                written(geometry, srid.or(geometry.srid()), decimals, options)
            })
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn written(
    geometry: Geometry<'_>,
    srid: Option<i32>,
    decimals: i64,
    options: i64,
) -> Result<String, GeometryError> {
    let is_geographic = options & 2 != 0;
    if is_geographic && srid != Some(4326) {
        return Err(GeometryError::InvalidArgument {
            reason: format!(
                "option 2 of ST_AsX3D is for EPSG:4326, not {}: type ST_Transform(geom, 4326)",
                srid.unwrap_or(0)
            ),
        });
    }
    let max_decimals = clamp_decimals(decimals);
    format_x3d(geometry, X3dOptions { max_decimals, is_flipped: options & 1 != 0, is_geographic })
}
