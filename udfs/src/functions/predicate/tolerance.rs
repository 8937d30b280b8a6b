//! The distance that predicates about nearness take.

use godwit_geometry::GeometryError;

/// Returns the distance, and refuses it when it is below 0.
pub(super) fn checked_distance(function: &str, distance: f64) -> Result<f64, GeometryError> {
    if distance < 0.0 {
        return Err(GeometryError::InvalidArgument {
            reason: format!("{function}: distance {distance} is below 0"),
        });
    }
    Ok(distance)
}
