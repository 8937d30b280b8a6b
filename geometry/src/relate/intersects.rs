//! Whether two shapes share a position.

use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::Bounds;
use crate::planar::{EdgeTree, Location, Shape, key, locate, on_segment, orient};

/// Returns whether two shapes share a position.
pub(super) fn intersects(a: &Shape, b: &Shape) -> bool {
    let (tree_a, tree_b) = (EdgeTree::new(a), EdgeTree::new(b));
    let meeting = EdgeTree::pairs((a, &tree_a), (b, &tree_b), &mut |first, second| {
        let (s, t) = (a.segment(first), b.segment(second));
        let apart = |u: [[f64; 2]; 2], v: [[f64; 2]; 2]| {
            orient(u[0], u[1], v[0]) * orient(u[0], u[1], v[1]) > 0
        };
        // Collinear segments whose boxes meet do meet.
        if apart(s, t) || apart(t, s) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    if meeting.is_break() {
        return true;
    }
    // No edges meet, so a path lies as a whole in an area of the other shape or outside of it.
    has_inside(a, b, &tree_b) || has_inside(b, a, &tree_a) || share_point(a, b)
}

/// Returns whether a path or point of a shape lies in another one.
fn has_inside(shape: &Shape, other: &Shape, tree: &EdgeTree) -> bool {
    let Some(bounds) = tree.bounds() else { return false };
    if other.groups > 0
        && shape.paths.iter().any(|path| {
            let [x, y] = shape.coords[path.start];
            bounds.contains_xy(x, y) && locate(other, tree, [x, y]) != Location::Exterior
        })
    {
        return true;
    }
    shape.points.iter().any(|point| {
        if !bounds.contains_xy(point[0], point[1]) {
            return false;
        }
        if locate(other, tree, *point) != Location::Exterior {
            return true;
        }
        let mut is_on_edge = false;
        tree.search(other, &Bounds::point(point[0], point[1]), |segment| {
            is_on_edge |= on_segment(*point, other.segment(segment));
        });
        is_on_edge
    })
}

fn share_point(a: &Shape, b: &Shape) -> bool {
    let (few, many) = if a.points.len() < b.points.len() { (a, b) } else { (b, a) };
    if few.points.len() < 8 {
        return few.points.iter().any(|point| many.points.contains(point));
    }
    let positions: HashSet<_> = few.points.iter().map(|point| key(*point)).collect();
    many.points.iter().any(|point| positions.contains(&key(*point)))
}
