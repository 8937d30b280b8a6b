//! `ST_Segmentize`: edges no longer than a distance.

use godwit_geometry::{Geometry, GeometryError, Kind, append_iso, edit};

use crate::function::{Argument, Category, Function, Kinds, Overload};
use crate::functions::expect::refusal;
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_Segmentize",
    category: Category::Processing,
    summary: "Returns a geometry with vertices added so that no edge is longer than a distance.",
    notes: "An edge is cut into pieces of equal length, measured in the plane; heights and \
            measures are interpolated.",
    example: "SELECT ST_AsText(ST_Segmentize('LINESTRING(0 0, 10 0)', 4))",
    kinds: Kinds::All,
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("geom", "The geometry."),
            Argument::float("max_segment_length", "The longest edge, above 0."),
        ],
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.float(1)?)
                .map_appended(|(geometry, distance), bytes| segmentize(bytes, geometry, distance))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn segmentize(
    bytes: &mut Vec<u8>,
    geometry: Geometry<'_>,
    distance: f64,
) -> Result<(), GeometryError> {
    if matches!(geometry.kind(), Kind::Point | Kind::MultiPoint | Kind::Triangle | Kind::Tin) {
        append_iso(bytes, geometry);
        return Ok(());
    }
    if distance.is_nan() || distance <= 0.0 {
        return Err(refusal(format!("ST_Segmentize: length {distance} is not above 0")));
    }
    edit::append_segmentized(bytes, geometry, distance)
}
