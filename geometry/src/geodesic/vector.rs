//! Positions as unit vectors, and what can be computed with them.

/// A position on the unit sphere, or any vector.
pub(super) type Vector = [f64; 3];

/// Returns the vector of a longitude and a latitude in degrees.
pub(super) fn vector([longitude, latitude]: [f64; 2]) -> Vector {
    let (sin_lon, cos_lon) = longitude.to_radians().sin_cos();
    let (sin_lat, cos_lat) = latitude.to_radians().sin_cos();
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

/// Returns the longitude and the latitude in degrees of a vector of any length.
pub(super) fn position([x, y, z]: Vector) -> [f64; 2] {
    [y.atan2(x).to_degrees(), z.atan2(x.hypot(y)).to_degrees()]
}

/// Returns the angle between two vectors in radians.
pub(super) fn angle_between(a: Vector, b: Vector) -> f64 {
    norm(cross(a, b)).atan2(dot(a, b))
}

pub(super) fn add(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

pub(super) fn scale(a: Vector, factor: f64) -> Vector {
    a.map(|value| value * factor)
}

/// Returns the vector of length 1 in the same direction, unless it has no direction.
pub(super) fn unit(a: Vector) -> Option<Vector> {
    let size = norm(a);
    (size > 1e-15).then(|| scale(a, 1.0 / size))
}

pub(super) fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(super) fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

pub(super) fn norm(a: Vector) -> f64 {
    dot(a, a).sqrt()
}

/// Returns the position of an edge that is closest to another position.
pub(super) fn closest_on_edge(at: Vector, [a, b]: [Vector; 2]) -> Vector {
    let nearest_end = || if angle_between(at, a) <= angle_between(at, b) { a } else { b };
    let Some(pole) = unit(cross(a, b)) else {
        return nearest_end();
    };
    let Some(foot) = unit(add(at, scale(pole, -dot(at, pole)))) else {
        return nearest_end();
    };
    if dot(cross(a, foot), pole) >= 0.0 && dot(cross(foot, b), pole) >= 0.0 {
        foot
    } else {
        nearest_end()
    }
}

/// Returns the position in which two edges cross in their interiors.
pub(super) fn crossing([a, b]: [Vector; 2], [c, d]: [Vector; 2]) -> Option<Vector> {
    let (first, second) = (cross(a, b), cross(c, d));
    let (c_side, d_side) = (dot(first, c), dot(first, d));
    let (a_side, b_side) = (dot(second, a), dot(second, b));
    // The edges, not their antipodes, must cross.
    if c_side * d_side < 0.0 && a_side * b_side < 0.0 && c_side * b_side > 0.0 {
        let at = unit(cross(first, second))?;
        return Some(if dot(at, add(a, b)) >= 0.0 { at } else { scale(at, -1.0) });
    }
    None
}

/// Returns how far a closed ring turns around a position, in radians counted counter-clockwise:
/// a full turn when the position is inside, a full turn back when its antipode is.
pub(super) fn turning(ring: &[Vector], at: Vector) -> f64 {
    let mut total = 0.0;
    for pair in ring.windows(2) {
        let [from, to] = pair else { continue };
        let (first, second) = (cross(at, *from), cross(at, *to));
        total += dot(cross(first, second), at).atan2(dot(first, second));
    }
    total
}

/// Returns the area on the left of a closed ring on the unit sphere, below 0 when the area on the
/// right is smaller.
pub(super) fn signed_area(ring: &[Vector]) -> f64 {
    let Some(apex) = ring.first() else {
        return 0.0;
    };
    let mut total = 0.0;
    for pair in ring.windows(2) {
        let [from, to] = pair else { continue };
        let volume = dot(*apex, cross(*from, *to));
        let sides = 1.0 + dot(*apex, *from) + dot(*from, *to) + dot(*to, *apex);
        total += 2.0 * volume.atan2(sides);
    }
    let sphere = 4.0 * std::f64::consts::PI;
    total - sphere * (total / sphere).round()
}
