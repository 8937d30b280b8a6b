//! The box around a geometry, grown.

use crate::{Coord, Geometry, to_iso, write};

/// Returns the box around a geometry, grown by a distance along each axis, as a polygon; an empty
/// geometry as it is.
///
/// The polygon has the geometry's dimension: half of its corners have the lowest height and
/// measure, half the highest.
pub fn expand(geometry: Geometry<'_>, by: Coord) -> Vec<u8> {
    let mut low = Coord { x: f64::INFINITY, y: f64::INFINITY, z: f64::INFINITY, m: f64::INFINITY };
    let mut high = Coord { x: -low.x, y: -low.y, z: -low.z, m: -low.m };
    let mut is_empty = true;
    geometry.coords(|coord| {
        is_empty = false;
        low = each(low, coord, f64::min);
        high = each(high, coord, f64::max);
    });
    if let Some(bounds) = geometry.bounds().filter(|_| !geometry.is_basic()) {
        (low.x, low.y, high.x, high.y) = (bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax);
    }
    if is_empty {
        return to_iso(geometry).into_owned();
    }
    low = each(low, by, |ordinate, distance| ordinate - distance);
    high = each(high, by, |ordinate, distance| ordinate + distance);
    let corners = [low, Coord { y: high.y, ..low }, high, Coord { y: low.y, ..high }, low];
    write::polygon([corners], geometry.dimension())
}

fn each(a: Coord, b: Coord, combine: fn(f64, f64) -> f64) -> Coord {
    Coord { x: combine(a.x, b.x), y: combine(a.y, b.y), z: combine(a.z, b.z), m: combine(a.m, b.m) }
}
