//! `ST_AsLatLonText`: a point written as degrees, minutes and seconds.

use godwit_geometry::{Geometry, GeometryError, Kind, degrees_text};

use crate::function::{Argument, Category, Function, Overload, Type};
use crate::rows::Rows as _;

pub(super) static FUNCTION: Function = Function {
    title: "ST_AsLatLonText",
    category: Category::Output,
    summary: "Returns the latitude and longitude of a point as degrees, minutes and seconds.",
    notes: "In the format, `D`, `M` and `S` stand for degrees, minutes and seconds, `C` for the \
            compass direction, and all else for itself. Repeated letters set the width, letters \
            behind a point the decimals. Without `C`, southern and western positions are \
            negative. Positions beyond a pole or the antimeridian are brought back.",
    example: "SELECT ST_AsLatLonText(ST_Point(24.75, 59.44), 'D.DDDC')",
    overloads: &[Overload {
        arguments: &[
            Argument::geometry("pt", "The point, in degrees."),
            Argument::text("tmpl", "The format, `D°M'S.SSS\"C` if left out.").optional(),
        ],
        returns: Type::Text,
        evaluate: |arguments| {
            (arguments.geometry(0)?, arguments.text_or(1, "")?)
                .map_text(|(geometry, format)| text(geometry, format))
        },
        ..Overload::BASE
    }],
    ..Function::BASE
};

fn text(geometry: Geometry<'_>, format: &str) -> Result<String, GeometryError> {
    if geometry.kind() != Kind::Point {
        return Err(GeometryError::InvalidArgument {
            reason: format!("ST_AsLatLonText takes a POINT, not a {}", geometry.kind().wkt_name()),
        });
    }
    let coord = geometry.point().ok_or_else(|| GeometryError::InvalidArgument {
        reason: "ST_AsLatLonText: an empty point has no latitude".to_owned(),
    })?;
    degrees_text(coord.x, coord.y, format)
}
