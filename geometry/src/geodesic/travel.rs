//! Where one gets by going from a position in a direction.

use super::{Figure, RADIUS, azimuth, project};
use crate::{Coord, Geometry, GeometryError, Kind, to_iso, write};

/// Returns the point that lies a number of metres from a point in a direction, in radians
/// clockwise from north; heights and measures are kept.
pub fn travel(
    from: Geometry<'_>,
    metres: f64,
    direction: f64,
    figure: Figure,
) -> Result<Vec<u8>, GeometryError> {
    let at = start(from)?;
    if metres == 0.0 {
        return Ok(to_iso(from).into_owned());
    }
    let (metres, direction) = if metres < 0.0 {
        (-metres, direction + std::f64::consts::PI)
    } else {
        (metres, direction)
    };
    let furthest = std::f64::consts::PI * RADIUS;
    if metres.is_nan() || metres > furthest {
        return Err(GeometryError::InvalidArgument {
            reason: format!("distance {metres} is more than half way around the earth"),
        });
    }
    let [x, y] = project([at.x, at.y], metres, direction, figure);
    Ok(write::point(Coord { x, y, ..at }, from.dimension()))
}

/// Returns the point that lies a number of metres behind a point, seen from another.
pub fn travel_beyond(
    from: Geometry<'_>,
    to: Geometry<'_>,
    metres: f64,
    figure: Figure,
) -> Result<Option<Vec<u8>>, GeometryError> {
    start(from)?;
    start(to)?;
    match azimuth(from, to) {
        Some(direction) => travel(to, metres, direction, figure).map(Some),
        None => Ok(None),
    }
}

fn start(from: Geometry<'_>) -> Result<Coord, GeometryError> {
    let refused = |reason: &str| GeometryError::InvalidArgument { reason: reason.to_owned() };
    if from.kind() != Kind::Point {
        return Err(refused("ST_Project starts from a point"));
    }
    from.point().ok_or_else(|| refused("ST_Project cannot start from an empty point"))
}
