//! The coordinate of a point, for the functions that take nothing else.

use godwit_geometry::{Coord, Geometry, GeometryError, Kind};

/// Returns the coordinate of a point that is not empty; refuses other geometries.
pub(super) fn coordinate(
    function: &str,
    geometry: Geometry<'_>,
) -> Result<Option<Coord>, GeometryError> {
    if geometry.kind() == Kind::Point {
        return Ok(geometry.point());
    }
    Err(refusal(function, geometry))
}

/// Returns X and Y of a point that is not empty; refuses other geometries.
#[inline]
pub(super) fn position(
    function: &str,
    geometry: Geometry<'_>,
) -> Result<Option<[f64; 2]>, GeometryError> {
    if geometry.kind() == Kind::Point {
        return Ok(geometry.point_xy());
    }
    Err(refusal(function, geometry))
}

#[cold]
fn refusal(function: &str, geometry: Geometry<'_>) -> GeometryError {
    GeometryError::InvalidArgument {
        reason: format!("{function} takes a point, not {}", geometry.kind().wkt_name()),
    }
}
