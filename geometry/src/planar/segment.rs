//! Positions and segments: incidence and distance.

use super::{Xy, orient};

/// Returns whether a position lies exactly on a segment, ends included.
#[inline]
pub(crate) fn on_segment(p: Xy, [a, b]: [Xy; 2]) -> bool {
    let between = |v: f64, s: f64, t: f64| s.min(t) <= v && v <= s.max(t);
    between(p[0], a[0], b[0]) && between(p[1], a[1], b[1]) && orient(a, b, p) == 0
}

/// Returns the square of the distance between two positions.
#[inline]
pub(crate) fn distance_squared(a: Xy, b: Xy) -> f64 {
    let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
    dx * dx + dy * dy
}

/// Returns the position of a segment that is closest to a position.
#[inline]
pub(crate) fn closest_on_segment(p: Xy, [a, b]: [Xy; 2]) -> Xy {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length = dx * dx + dy * dy;
    if length == 0.0 {
        return a;
    }
    let t = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length;
    if t <= 0.0 {
        a
    } else if t >= 1.0 {
        b
    } else {
        [a[0] + t * dx, a[1] + t * dy]
    }
}

/// Returns the square of the distance between a position and a segment.
///
/// All that it may be is computed, because what lies before, beside or behind a segment cannot be
/// foreseen, and a wrong guess costs more than a division.
#[inline]
pub(crate) fn segment_distance_squared(p: Xy, [a, b]: [Xy; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (x, y) = (p[0] - a[0], p[1] - a[1]);
    let length = dx * dx + dy * dy;
    let along = x * dx + y * dy;
    let across = x * dy - y * dx;
    let beside = across * across / length;
    let behind = distance_squared(p, b);
    let beyond_start = if along < length { beside } else { behind };
    if along > 0.0 { beyond_start } else { x * x + y * y }
}

/// What `may_be_nearer` leaves for rounding.
pub(crate) const NEARNESS_MARGIN: f64 = 1.0 + 1e-9;

/// Returns whether a position may be no further from a segment than the square of a distance,
/// without the division that the precise distance takes; false only if it certainly is.
#[inline]
pub(crate) fn may_be_nearer(p: Xy, [a, b]: [Xy; 2], limit: f64) -> bool {
    let limit = limit * NEARNESS_MARGIN;
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (x, y) = (p[0] - a[0], p[1] - a[1]);
    let length = dx * dx + dy * dy;
    let along = x * dx + y * dy;
    // Beyond an end, what counts is that end.
    let is_further = if along <= 0.0 {
        x * x + y * y > limit
    } else if along >= length {
        distance_squared(p, b) > limit
    } else {
        let across = x * dy - y * dx;
        across * across > limit * length
    };
    !is_further
}

/// Returns the square of the distance between two segments and the closest positions on them.
pub(crate) fn segment_distance(a: [Xy; 2], b: [Xy; 2]) -> (f64, [Xy; 2]) {
    if let Some(meeting) = meeting_point(a, b) {
        return (0.0, [meeting, meeting]);
    }
    let mut best = (f64::INFINITY, [a[0], b[0]]);
    for p in a {
        let q = closest_on_segment(p, b);
        let distance = perpendicular_squared(p, q, b);
        if distance < best.0 {
            best = (distance, [p, q]);
        }
    }
    for q in b {
        let p = closest_on_segment(q, a);
        let distance = perpendicular_squared(q, p, a);
        if distance < best.0 {
            best = (distance, [p, q]);
        }
    }
    best
}

/// Returns the square of the distance from a position to its closest one on a segment.
///
/// Inside of the segment the distance from the line is more precise than that from the rounded
/// closest position.
#[inline]
pub(crate) fn perpendicular_squared(p: Xy, closest: Xy, [a, b]: [Xy; 2]) -> f64 {
    if closest == a || closest == b {
        return distance_squared(p, closest);
    }
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let cross = (p[0] - a[0]) * dy - (p[1] - a[1]) * dx;
    cross * cross / (dx * dx + dy * dy)
}

/// Returns a position that two segments share, if there is one.
fn meeting_point(a: [Xy; 2], b: [Xy; 2]) -> Option<Xy> {
    if a[0][0].max(a[1][0]) < b[0][0].min(b[1][0])
        || b[0][0].max(b[1][0]) < a[0][0].min(a[1][0])
        || a[0][1].max(a[1][1]) < b[0][1].min(b[1][1])
        || b[0][1].max(b[1][1]) < a[0][1].min(a[1][1])
    {
        return None;
    }
    let (b0, b1) = (orient(a[0], a[1], b[0]), orient(a[0], a[1], b[1]));
    if b0 * b1 > 0 {
        return None;
    }
    let (a0, a1) = (orient(b[0], b[1], a[0]), orient(b[0], b[1], a[1]));
    if a0 * a1 > 0 {
        return None;
    }
    if b0 * b1 < 0 && a0 * a1 < 0 {
        return Some(super::crossing_point(a, b));
    }
    if let Some(p) = b.into_iter().find(|p| on_segment(*p, a)) {
        return Some(p);
    }
    a.into_iter().find(|p| on_segment(*p, b))
}
