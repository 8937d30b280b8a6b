//! The largest distances between two geometries.

use std::collections::HashSet;

use crate::construct::hull;
use crate::planar::{EdgeTree, Role, Shape, Xy, distance_squared, key};
use crate::{Coord, Dimension, Geometry, interrupt, write};

/// Returns the largest distance between a position of one geometry and one of the other.
pub fn max_distance(a: Geometry<'_>, b: Geometry<'_>) -> Option<f64> {
    farthest(a, b).map(|(squared, _)| squared.sqrt())
}

/// Returns the longest line from a position of the first geometry to one of the second.
pub fn longest_line(a: Geometry<'_>, b: Geometry<'_>) -> Option<Vec<u8>> {
    let (_, ends) = farthest(a, b)?;
    let ends = ends.map(|[x, y]| Coord::xy(x, y));
    Some(write::line_string(ends, Dimension::Xy))
}

/// Returns the largest distance from a vertex of either geometry to the other geometry's points
/// and edges.
///
/// With a fraction, edges are cut into pieces of at most that part of their length, and the cuts
/// count as vertices.
pub fn hausdorff_distance(a: Geometry<'_>, b: Geometry<'_>, fraction: Option<f64>) -> Option<f64> {
    let compute = || {
        let (a, b) = (edges_of(a), edges_of(b));
        if a.is_empty() || b.is_empty() {
            return None;
        }
        let (tree_a, tree_b) = (EdgeTree::new(&a), EdgeTree::new(&b));
        let there = directed(&a, &b, &tree_b, fraction);
        let back = directed(&b, &a, &tree_a, fraction);
        Some(there.max(back).sqrt())
    };
    interrupt::contained(compute).flatten()
}

/// The farthest positions are corners of the convex hulls; of several, those that come first.
fn farthest(a: Geometry<'_>, b: Geometry<'_>) -> Option<(f64, [Xy; 2])> {
    let (a, b) = (corners(a), corners(b));
    let mut best: Option<(f64, [Xy; 2])> = None;
    for p in &a {
        if interrupt::is_over_after(b.len()) {
            break;
        }
        for q in &b {
            let squared = distance_squared(*p, *q);
            if best.is_none_or(|(found, _)| squared > found) {
                best = Some((squared, [*p, *q]));
            }
        }
    }
    best
}

/// Returns the corners of the convex hull in the order of the geometry.
fn corners(geometry: Geometry<'_>) -> Vec<Xy> {
    let shape = Shape::new(geometry);
    let mut positions: Vec<Xy> = shape.coords.into_iter().chain(shape.points).collect();
    let mut left: HashSet<_> = hull(positions.clone()).into_iter().map(key).collect();
    positions.retain(|at| left.remove(&key(*at)));
    positions
}

/// Returns the geometry with its points as edges without length.
pub(super) fn edges_of(geometry: Geometry<'_>) -> Shape {
    let mut shape = Shape::new(geometry);
    for point in std::mem::take(&mut shape.points) {
        shape.add_edge(point, point, Role::Line);
    }
    shape
}

fn directed(shape: &Shape, other: &Shape, tree: &EdgeTree, fraction: Option<f64>) -> f64 {
    let pieces = fraction.filter(|fraction| *fraction > 0.0 && *fraction <= 1.0).map_or(1, pieces);
    let mut largest: f64 = 0.0;
    for path in &shape.paths {
        for segment in path.segments() {
            let [start, end] = shape.segment(segment);
            for piece in 0..pieces {
                if interrupt::is_over() {
                    return largest;
                }
                let t = f64::from(piece) / f64::from(pieces);
                let at = [start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])];
                largest = largest.max(tree.nearest(other, at));
            }
        }
        largest = largest.max(tree.nearest(other, shape.coords[path.end - 1]));
    }
    largest
}

/// Returns how many pieces of a part of its length an edge is cut into.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the fraction is between 0 and 1, and the cast saturates"
)]
pub(super) fn pieces(fraction: f64) -> u32 {
    ((1.0 / fraction).round() as u32).clamp(1, 10_000)
}
