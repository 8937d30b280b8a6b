//! Directions: from one position to another, between two of them, and across a line.

use std::f64::consts::TAU;

use crate::Sequence;
use crate::planar::{Xy, orient};

/// Returns the direction from one position to another in radians, clockwise from north; nothing
/// when they are equal or not finite.
#[inline]
pub fn azimuth([from, to]: [[f64; 2]; 2]) -> Option<f64> {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    if (dx == 0.0 && dy == 0.0) || !dx.is_finite() || !dy.is_finite() {
        return None;
    }
    Some(turned(dx.atan2(dy)))
}

/// Returns an angle of at most half a turn either way as one from 0 to below a full turn.
fn turned(angle: f64) -> f64 {
    let turned = if angle < 0.0 { angle + TAU } else { angle };
    // Next to nothing to the left is a full turn after rounding.
    if turned < TAU { turned } else { 0.0 }
}

/// Returns by how much the second direction is turned clockwise from the first, in radians from
/// 0 to a full turn; nothing when one of them leads nowhere.
pub fn angle(first: [[f64; 2]; 2], second: [[f64; 2]; 2]) -> Option<f64> {
    let angle = azimuth(second)? - azimuth(first)?;
    Some(if angle < 0.0 { angle + TAU } else { angle })
}

/// Returns how one line crosses another: 0 when it does not; -1 or 1 when it does so once, to the
/// left or right; -2 or 2 when it does so several times and ends up left or right; -3 or 3 when
/// it ends up on the side where it came from, having crossed to the left or right first.
///
/// A crossing in a vertex counts for the edge that starts there.
pub fn crossing_direction(line: Sequence<'_>, other: Sequence<'_>) -> i32 {
    let (mut left, mut right, mut first) = (0_usize, 0_usize, 0);
    for start in 1..other.len() {
        let edge = [other.xy(start - 1), other.xy(start)];
        for index in 1..line.len() {
            let side = crossing([line.xy(index - 1), line.xy(index)], edge);
            left += usize::from(side < 0);
            right += usize::from(side > 0);
            if first == 0 {
                first = side;
            }
        }
    }
    match (left, right) {
        (0, 0) => 0,
        (1, 0) => -1,
        (0, 1) => 1,
        (left, right) if left == right + 1 => -2,
        (left, right) if right == left + 1 => 2,
        (left, right) if left == right => 3 * first,
        _ => 0,
    }
}

/// Returns -1 when the second segment crosses the first from right to left, 1 the other way
/// round, 0 when it does not cross it. An end that only touches is no crossing; a start is.
fn crossing([p1, p2]: [Xy; 2], [q1, q2]: [Xy; 2]) -> i32 {
    let (from, to) = (orient(p1, p2, q1), orient(p1, p2, q2));
    let (back, ahead) = (orient(q1, q2, p1), orient(q1, q2, p2));
    let is_apart = from * to > 0 || back * ahead > 0;
    let is_collinear = from == 0 && to == 0;
    if is_apart || is_collinear || to == 0 || ahead == 0 {
        return 0;
    }
    if to > from { -1 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Geometry, wkt};

    fn cross(a: &str, b: &str) -> i32 {
        let (a, b) = (wkt::parse(a).unwrap().0, wkt::parse(b).unwrap().0);
        let (a, b) = (Geometry::try_new(&a).unwrap(), Geometry::try_new(&b).unwrap());
        crossing_direction(a.line().unwrap(), b.line().unwrap())
    }

    #[test]
    fn a_line_crosses_another_in_seven_ways() {
        let upward = "LINESTRING(0 0,0 9)";
        for (line, expected) in [
            ("LINESTRING(1 1,2 2)", 0),
            ("LINESTRING(1 1,-1 1)", -1),
            ("LINESTRING(-1 1,1 1)", 1),
            ("LINESTRING(1 1,-1 2,1 3,-1 4)", -2),
            ("LINESTRING(-1 1,1 2,-1 3,1 4)", 2),
            ("LINESTRING(1 1,-1 2,1 3)", -3),
            ("LINESTRING(-1 1,1 2,-1 3)", 3),
        ] {
            assert_eq!(cross(upward, line), expected, "{line}");
        }
    }

    #[test]
    fn angles_turn_clockwise() {
        use std::f64::consts::FRAC_PI_2;
        let (east, south) = ([[0.0, 0.0], [1.0, 0.0]], [[5.0, 5.0], [5.0, 1.0]]);
        assert!((angle(east, south).unwrap() - FRAC_PI_2).abs() < 1e-15);
        assert!((angle(south, east).unwrap() - 3.0 * FRAC_PI_2).abs() < 1e-15);
        assert_eq!(angle(east, [[1.0, 1.0]; 2]), None);
    }
}
