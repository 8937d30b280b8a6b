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
    Err(GeometryError::InvalidArgument {
        reason: format!("{function} takes a point, not {}", geometry.kind().wkt_name()),
    })
}
