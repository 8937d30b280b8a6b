//! Arithmetic with positions and directions in space.

/// A position or direction: x, y and z.
pub(crate) type Xyz = [f64; 3];

/// Returns the direction to a position from another one.
#[inline]
pub(crate) fn subtract(to: Xyz, from: Xyz) -> Xyz {
    [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
}

/// Returns the scalar product.
#[inline]
pub(crate) fn dot(a: Xyz, b: Xyz) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Returns the square of the distance between two positions.
#[inline]
pub(crate) fn distance_squared(a: Xyz, b: Xyz) -> f64 {
    let step = subtract(a, b);
    dot(step, step)
}

/// Returns the vector that is upright on two others.
#[inline]
pub(crate) fn cross(a: Xyz, b: Xyz) -> Xyz {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Returns the position at a part of the way from one position to another.
#[inline]
pub(crate) fn along([from, to]: [Xyz; 2], part: f64) -> Xyz {
    let step = subtract(to, from);
    [from[0] + part * step[0], from[1] + part * step[1], from[2] + part * step[2]]
}

/// Returns the position of a segment that is closest to a position.
pub(super) fn closest_on_segment(at: Xyz, segment: [Xyz; 2]) -> Xyz {
    let step = subtract(segment[1], segment[0]);
    let length = dot(step, step);
    if length == 0.0 {
        return segment[0];
    }
    let part = dot(subtract(at, segment[0]), step) / length;
    if part <= 0.0 {
        segment[0]
    } else if part >= 1.0 {
        segment[1]
    } else {
        along(segment, part)
    }
}

/// Returns the closest positions of two segments.
///
/// They lie at ends of the segments unless the segments pass each other; see "Real-Time Collision
/// Detection" by Christer Ericson, 5.1.9.
pub(super) fn closest_of_segments(a: [Xyz; 2], b: [Xyz; 2]) -> [Xyz; 2] {
    let (along_a, along_b) = (subtract(a[1], a[0]), subtract(b[1], b[0]));
    let between = subtract(a[0], b[0]);
    let (aa, ab, bb) = (dot(along_a, along_a), dot(along_a, along_b), dot(along_b, along_b));
    let (ad, bd) = (dot(along_a, between), dot(along_b, between));
    let determinant = aa * bb - ab * ab;
    if determinant > f64::EPSILON * aa * bb {
        let part_a = (ab * bd - bb * ad) / determinant;
        let part_b = (aa * bd - ab * ad) / determinant;
        if (0.0..=1.0).contains(&part_a) && (0.0..=1.0).contains(&part_b) {
            return [along(a, part_a), along(b, part_b)];
        }
    }
    let mut best = [a[0], closest_on_segment(a[0], b)];
    let others = [
        [a[1], closest_on_segment(a[1], b)],
        [closest_on_segment(b[0], a), b[0]],
        [closest_on_segment(b[1], a), b[1]],
    ];
    for pair in others {
        if distance_squared(pair[0], pair[1]) < distance_squared(best[0], best[1]) {
            best = pair;
        }
    }
    best
}
