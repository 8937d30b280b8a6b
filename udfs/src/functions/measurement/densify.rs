//! The fraction by which distances between discrete positions cut edges.

use godwit_geometry::GeometryError;

/// Returns the fraction if it is one, and refuses it otherwise.
pub(super) fn checked_fraction(function: &str, fraction: f64) -> Result<f64, GeometryError> {
    if fraction > 0.0 && fraction <= 1.0 {
        return Ok(fraction);
    }
    Err(GeometryError::InvalidArgument {
        reason: format!("{function}: the fraction {fraction} is not above 0 and at most 1"),
    })
}
