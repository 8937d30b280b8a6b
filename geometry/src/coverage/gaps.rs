//! How wide a gap between polygons is.

use std::f64::consts::SQRT_2;

use crate::Bounds;
use crate::planar::{Xy, closest_on_segment, crosses_ray, perpendicular_squared};

/// How much smaller than the width a cell is when it is no longer divided.
const FINENESS: f64 = 512.0;

/// Returns whether no circle with a diameter greater than a width fits between rings.
///
/// Cells that may hold the middle of such a circle are divided until one is found or none is left.
pub(super) fn is_narrow(rings: &[Vec<Xy>], width: f64) -> bool {
    let mut bounds = Bounds::NOTHING;
    for [x, y] in rings.iter().flatten() {
        bounds.add(*x, *y);
    }
    if bounds.is_nothing() || bounds.width().min(bounds.height()) <= width {
        return true;
    }
    let radius = width / 2.0;
    let mut cells = vec![(bounds.centre(), bounds.width().max(bounds.height()) / 2.0)];
    while let Some((centre, half)) = cells.pop() {
        let depth = depth(rings, centre);
        if depth > radius {
            return false;
        }
        if depth + half * SQRT_2 <= radius || half * FINENESS < width {
            continue;
        }
        let quarter = half / 2.0;
        for [dx, dy] in [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]] {
            cells.push(([centre[0] + dx * quarter, centre[1] + dy * quarter], quarter));
        }
    }
    true
}

/// Returns how far a position lies inside of rings; outside it is negative.
fn depth(rings: &[Vec<Xy>], at: Xy) -> f64 {
    let mut is_inside = false;
    let mut least = f64::INFINITY;
    for pair in rings.iter().flat_map(|ring| ring.windows(2)) {
        let edge = [pair[0], pair[1]];
        is_inside ^= crosses_ray(at, edge);
        least = least.min(perpendicular_squared(at, closest_on_segment(at, edge), edge));
    }
    if is_inside { least.sqrt() } else { -least.sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_are_as_wide_as_they_look() {
        let strip = [vec![[0.0, 0.0], [9.0, 9.0], [8.0, 10.0], [-1.0, 1.0], [0.0, 0.0]]];
        assert!(is_narrow(&strip, SQRT_2 + 1e-3));
        assert!(!is_narrow(&strip, SQRT_2 - 1e-2));
    }
}
