//! The corners of boxes, given as points.

use godwit_geometry::{Coord, Geometry, GeometryError};

/// Returns the position of a point that is a corner of a box; an absent height is 0.
pub(super) fn corner(geometry: Geometry<'_>, function: &str) -> Result<Coord, GeometryError> {
    let coord = geometry.point().ok_or_else(|| GeometryError::InvalidArgument {
        reason: format!("{function} takes two points that are not empty"),
    })?;
    Ok(Coord { z: if geometry.dimension().has_z() { coord.z } else { 0.0 }, ..coord })
}
