//! Great-circle edges on the unit sphere.

use super::vector::{
    Vector, add, angle_between, closest_on_edge, crossing, norm, position, scale, signed_area,
    turning, vector,
};
use crate::Geometry;
use crate::interrupt::is_over_after;
use crate::planar::Role;
use crate::planar::Shape;

/// Edges in a block that is skipped as a whole when it is too far away.
const BLOCK: usize = 16;

/// The closest positions of two geometries.
pub(super) enum Closest {
    /// The geometries meet; longitude and latitude of a position they share.
    Meeting([f64; 2]),
    /// The geometries are apart; longitude and latitude of a closest position of each.
    Apart([[f64; 2]; 2]),
}

/// A geometry on the sphere.
pub(super) struct Located {
    shape: Shape,
    vectors: Vec<Vector>,
    blocks: Vec<Block>,
}

/// Consecutive edges, and a circle around them.
struct Block {
    edges: std::ops::Range<usize>,
    centre: Vector,
    radius: f64,
}

impl Located {
    /// Returns the geometry on the sphere, or nothing when it is empty.
    pub(super) fn new(geometry: Geometry<'_>) -> Option<Self> {
        let mut shape = Shape::new(geometry);
        for point in std::mem::take(&mut shape.points) {
            shape.add_edge(point, point, Role::Line);
        }
        if shape.is_empty() {
            return None;
        }
        let vectors: Vec<Vector> = shape.coords.iter().map(|at| vector(*at)).collect();
        let mut blocks = Vec::new();
        for path in &shape.paths {
            let edges = path.segments();
            for start in edges.clone().step_by(BLOCK) {
                let end = (start + BLOCK).min(edges.end);
                blocks.push(Block::new(start..end, &vectors));
            }
        }
        Some(Self { shape, vectors, blocks })
    }

    pub(super) fn edge(&self, edge: usize) -> [Vector; 2] {
        [self.vectors[edge], self.vectors[edge + 1]]
    }

    /// Returns whether a position lies in an area: whether the rings turn around it.
    ///
    /// The inside of a ring is the smaller of the two areas it divides the sphere into.
    pub(super) fn contains(&self, at: Vector) -> bool {
        let mut is_inside = false;
        for path in self.shape.paths.iter().filter(|path| path.is_ring()) {
            let ring = &self.vectors[path.start..path.end];
            if is_over_after(ring.len()) {
                return false;
            }
            // A ring turns around the antipodes of its inside as well, but the other way.
            let turn = turning(ring, at) * signed_area(ring).signum();
            if turn > std::f64::consts::PI {
                is_inside = !is_inside;
            }
        }
        is_inside
    }
}

impl Block {
    fn new(edges: std::ops::Range<usize>, vectors: &[Vector]) -> Self {
        let corners = &vectors[edges.start..=edges.end];
        let sum = corners.iter().fold([0.0; 3], |sum, next| add(sum, *next));
        let size = norm(sum);
        if size < 1e-9 {
            return Self { edges, centre: [0.0, 0.0, 1.0], radius: std::f64::consts::PI };
        }
        let centre = scale(sum, 1.0 / size);
        // An edge between two positions of a circle smaller than a hemisphere stays in it.
        let radius =
            corners.iter().map(|corner| angle_between(centre, *corner)).fold(0.0, f64::max);
        let radius =
            if radius < std::f64::consts::FRAC_PI_2 { radius } else { std::f64::consts::PI };
        Self { edges, centre, radius }
    }
}

/// Returns the closest positions of two geometries.
pub(super) fn closest(a: &Located, b: &Located) -> Option<Closest> {
    let starts = |located: &Located| -> Vec<Vector> {
        located.shape.paths.iter().map(|path| located.vectors[path.start]).collect()
    };
    let shared = starts(a).into_iter().find(|at| b.contains(*at));
    let shared = shared.or_else(|| starts(b).into_iter().find(|at| a.contains(*at)));
    if let Some(at) = shared {
        return Some(Closest::Meeting(position(at)));
    }
    let mut pairs = Vec::new();
    let mut bound = f64::INFINITY;
    for first in &a.blocks {
        if is_over_after(b.blocks.len()) {
            return None;
        }
        for second in &b.blocks {
            let apart = angle_between(first.centre, second.centre);
            bound = bound.min(apart + first.radius + second.radius);
            let gap = apart - first.radius - second.radius;
            if gap <= bound {
                pairs.push((gap, first, second));
            }
        }
    }
    pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
    let mut best: Option<(f64, [Vector; 2])> = None;
    for (gap, first, second) in pairs {
        if best.is_some_and(|(angle, _)| gap > angle) {
            break;
        }
        for edge in first.edges.clone() {
            if is_over_after(second.edges.len()) {
                return None;
            }
            for other in second.edges.clone() {
                let (s, t) = (a.edge(edge), b.edge(other));
                if let Some(at) = crossing(s, t) {
                    return Some(Closest::Meeting(position(at)));
                }
                for (from, to) in candidates(s, t) {
                    let angle = angle_between(from, to);
                    if best.is_none_or(|(least, _)| angle < least) {
                        best = Some((angle, [from, to]));
                    }
                }
            }
        }
    }
    best.map(|(_, ends)| Closest::Apart(ends.map(position)))
}

/// Returns the angle between two positions given as longitude and latitude.
pub(super) fn angle(from: [f64; 2], to: [f64; 2]) -> f64 {
    if from == to {
        return 0.0 * (from[0] + from[1]);
    }
    let turn = (to[0] - from[0]).to_radians();
    let (sin_from, cos_from) = from[1].to_radians().sin_cos();
    let (sin_to, cos_to) = to[1].to_radians().sin_cos();
    let across = cos_to * turn.sin();
    let along = cos_from * sin_to - sin_from * cos_to * turn.cos();
    let ahead = sin_from * sin_to + cos_from * cos_to * turn.cos();
    across.hypot(along).atan2(ahead)
}

/// Returns the ends of each edge with the closest position of the other edge.
fn candidates(s: [Vector; 2], t: [Vector; 2]) -> [(Vector, Vector); 4] {
    [
        (s[0], closest_on_edge(s[0], t)),
        (s[1], closest_on_edge(s[1], t)),
        (closest_on_edge(t[0], s), t[0]),
        (closest_on_edge(t[1], s), t[1]),
    ]
}
