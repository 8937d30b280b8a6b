//! Linear referencing: positions along lines, by fraction of their length or by measure.

mod between;
mod interpolate;
mod locate;
mod measure;
mod substring;

pub use between::between;
pub use interpolate::{interpolate_point, interpolate_point_3d, interpolate_points};
pub use locate::{Located, locate_point};
pub use measure::{add_measure, locate_along};
pub use substring::substring;

use crate::planar::Xy;
use crate::{Coord, Sequence};

/// Returns the coordinate at a fraction of the way from one to another, in all ordinates.
pub(crate) fn interpolate(from: Coord, to: Coord, fraction: f64) -> Coord {
    Coord {
        x: from.x + (to.x - from.x) * fraction,
        y: from.y + (to.y - from.y) * fraction,
        z: from.z + (to.z - from.z) * fraction,
        m: from.m + (to.m - from.m) * fraction,
    }
}

/// Returns the distance of two coordinates in the plane.
fn distance(from: Coord, to: Coord) -> f64 {
    distance_xy([from.x, from.y], [to.x, to.y])
}

/// Returns the distance of two positions in the plane.
#[inline]
fn distance_xy(from: Xy, to: Xy) -> f64 {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let square = dx * dx + dy * dy;
    // Otherwise the square has lost digits.
    if square > 1e-290 && square < 1e290 { square.sqrt() } else { dx.hypot(dy) }
}

/// Returns the length of a line in the plane.
fn length(line: Sequence<'_>) -> f64 {
    let [length] = line.sum_edges(|from, to| [distance_xy(from, to)]);
    length
}
