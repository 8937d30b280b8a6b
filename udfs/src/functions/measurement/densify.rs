//! Distances between discrete positions, and the fraction by which they cut edges.

use godwit_geometry::{Geometry, GeometryError};

use crate::arguments::Arguments;
use crate::function::Evaluated;
use crate::rows::Rows as _;

/// Returns the distances of the first two arguments, whose edges the fraction in the third cuts.
pub(super) fn distances(
    arguments: &Arguments<'_>,
    distance: impl Fn(Geometry<'_>, Geometry<'_>, Option<f64>) -> Option<f64>,
    checked: impl Fn(f64) -> Result<Option<f64>, GeometryError>,
) -> Evaluated {
    let geometries = (arguments.geometry(0)?, arguments.geometry(1)?);
    if arguments.len() == 2 {
        return geometries.map_f64(|(a, b)| distance(a, b, None));
    }
    (geometries, arguments.float(2)?)
        .map_f64(|((a, b), fraction)| Ok::<_, GeometryError>(distance(a, b, checked(fraction)?)))
}

/// Returns the fraction if it is one, and refuses it otherwise.
pub(super) fn checked_fraction(function: &str, fraction: f64) -> Result<f64, GeometryError> {
    if fraction > 0.0 && fraction <= 1.0 {
        return Ok(fraction);
    }
    Err(GeometryError::InvalidArgument {
        reason: format!("{function}: the fraction {fraction} is not above 0 and at most 1"),
    })
}
