//! Whether one geography covers another.

use super::sphere::Located;
use super::vector::{Vector, add, angle_between, closest_on_edge, crossing, unit, vector};
use crate::interrupt::is_over_after;
use crate::{Geometry, Kind};

/// Positions closer than this, in radians, are the same: some micrometres.
const NEAR: f64 = 1e-12;

/// Returns whether no position of the second geography lies outside of the first.
///
/// As in `PostGIS`, one part of the first must cover a part of the second alone.
pub fn covers(a: Geometry<'_>, b: Geometry<'_>) -> bool {
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let (mut first, mut second) = (Vec::new(), Vec::new());
    collect(a, &mut first);
    collect(b, &mut second);
    second.iter().all(|part| first.iter().any(|cover| covers_part(cover, part)))
}

/// A point, a line or a polygon.
struct Part {
    dimension: u8,
    located: Located,
    /// A position inside of each hole is not known, so holes are judged by their vertices.
    rings: Vec<Vec<Vector>>,
}

fn collect(geometry: Geometry<'_>, parts: &mut Vec<Part>) {
    let dimension = match geometry.kind() {
        Kind::Point => 0,
        Kind::LineString => 1,
        Kind::Polygon => 2,
        _ => {
            for part in geometry.parts() {
                collect(part, parts);
            }
            return;
        }
    };
    let Some(located) = Located::new(geometry) else {
        return;
    };
    let mut rings = Vec::new();
    geometry.sequences(&mut |_, sequence| {
        let mut ring = Vec::with_capacity(sequence.len());
        sequence.for_each_xy(|x, y| ring.push(vector([x, y])));
        rings.push(ring);
    });
    parts.push(Part { dimension, located, rings });
}

fn covers_part(cover: &Part, part: &Part) -> bool {
    if part.dimension > cover.dimension {
        return false;
    }
    for path in &part.rings {
        if path.len() == 1 {
            return path.iter().all(|at| covers_position(cover, *at));
        }
        for edge in path.windows(2) {
            let [from, to] = edge else { continue };
            if !covers_edge(cover, [*from, *to]) {
                return false;
            }
        }
    }
    // A hole of the cover must not lie inside of a polygon.
    let holes = cover.rings.get(1..).unwrap_or_default();
    part.dimension < 2
        || holes.iter().flatten().all(|at| !part.located.contains(*at) || is_on(part, *at))
}

fn covers_position(cover: &Part, at: Vector) -> bool {
    is_on(cover, at) || (cover.dimension == 2 && cover.located.contains(at))
}

/// Returns whether a position lies on the lines of a part.
fn is_on(part: &Part, at: Vector) -> bool {
    part.rings.iter().any(|path| {
        if is_over_after(path.len()) {
            return true;
        }
        if let [only] = path.as_slice() {
            return angle_between(*only, at) <= NEAR;
        }
        path.windows(2).any(|edge| match edge {
            [from, to] => angle_between(closest_on_edge(at, [*from, *to]), at) <= NEAR,
            _ => false,
        })
    })
}

/// Returns whether an edge lies in a part: each piece between the positions where it meets the
/// lines of the part is tried in its middle.
fn covers_edge(cover: &Part, edge: [Vector; 2]) -> bool {
    let [from, to] = edge;
    let mut cuts = vec![from, to];
    for path in &cover.rings {
        if is_over_after(path.len()) {
            return false;
        }
        for other in path.windows(2) {
            let [start, end] = other else { continue };
            if let Some(at) = crossing(edge, [*start, *end]) {
                cuts.push(at);
            }
            if angle_between(closest_on_edge(*start, edge), *start) <= NEAR {
                cuts.push(*start);
            }
        }
    }
    cuts.sort_by(|a, b| angle_between(from, *a).total_cmp(&angle_between(from, *b)));
    cuts.iter().all(|at| covers_position(cover, *at))
        && cuts.windows(2).all(|pair| match pair {
            [a, b] if angle_between(*a, *b) > NEAR => {
                unit(add(*a, *b)).is_none_or(|middle| covers_position(cover, middle))
            }
            _ => true,
        })
}
