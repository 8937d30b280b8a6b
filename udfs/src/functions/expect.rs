//! Refusals of arguments that a function cannot take.

use godwit_geometry::{Coord, Geometry, GeometryError, Kind, Sequence};

/// Returns the vertices of a line; refuses other geometries.
pub(super) fn line<'a>(
    function: &str,
    geometry: Geometry<'a>,
) -> Result<Sequence<'a>, GeometryError> {
    let name = geometry.kind().wkt_name();
    geometry.line().ok_or_else(|| refusal(format!("{function} takes a line, not {name}")))
}

/// Returns the coordinate of a point, nothing when it is empty; refuses other geometries.
pub(super) fn point(
    function: &str,
    geometry: Geometry<'_>,
) -> Result<Option<Coord>, GeometryError> {
    if geometry.kind() == Kind::Point {
        return Ok(geometry.point());
    }
    let name = geometry.kind().wkt_name();
    Err(refusal(format!("{function} takes a point, not {name}")))
}

/// Returns a number from 0 to 1; refuses others.
pub(super) fn fraction(function: &str, value: f64) -> Result<f64, GeometryError> {
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    Err(refusal(format!("{function}: fraction {value} is not between 0 and 1")))
}

/// Returns the error of an argument that cannot be taken.
pub(super) fn refusal(reason: impl Into<String>) -> GeometryError {
    GeometryError::InvalidArgument { reason: reason.into() }
}
