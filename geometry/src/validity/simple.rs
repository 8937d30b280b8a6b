//! Whether a geometry meets itself only where it may.

use std::collections::HashSet;
use std::ops::ControlFlow;

use crate::planar::{EdgeTree, Path, Role, Shape, Xy, key, on_segment, orient};
use crate::{Geometry, Kind};

/// Returns whether a geometry meets itself only where it may: lines at their ends, and there not
/// if one of them is closed; rings nowhere; points nowhere.
pub fn is_simple(geometry: Geometry<'_>) -> bool {
    match geometry.kind() {
        Kind::Point => true,
        Kind::MultiPoint => {
            let mut seen = HashSet::new();
            let mut points = geometry.parts().filter_map(Geometry::point_xy);
            points.all(|at| seen.insert(key(at)))
        }
        Kind::LineString | Kind::MultiLineString => are_simple(&Shape::new(geometry)),
        Kind::Polygon => geometry.rings().all(|ring| {
            let mut shape = Shape::default();
            shape.add_path((0..ring.len()).map(|index| ring.xy(index)), Role::Line, 0);
            are_simple(&shape)
        }),
        _ => geometry.parts().all(is_simple),
    }
}

fn are_simple(lines: &Shape) -> bool {
    let tree = EdgeTree::new(lines);
    tree.own_pairs(lines, &mut |first, second| {
        if !may_meet(lines, first, second) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })
    .is_continue()
}

/// Returns whether two segments meet nowhere, or where lines may.
fn may_meet(lines: &Shape, first: usize, second: usize) -> bool {
    let (a, b) = (lines.segment(first), lines.segment(second));
    let (b0, b1) = (orient(a[0], a[1], b[0]), orient(a[0], a[1], b[1]));
    let (a0, a1) = (orient(b[0], b[1], a[0]), orient(b[0], b[1], a[1]));
    if b0 * b1 > 0 || a0 * a1 > 0 {
        return true;
    }
    if b0 * b1 < 0 && a0 * a1 < 0 {
        return false;
    }
    let mut shared: Vec<Xy> = Vec::with_capacity(2);
    for (side, at, edge) in [(a0, a[0], b), (a1, a[1], b), (b0, b[0], a), (b1, b[1], a)] {
        if side == 0 && !shared.contains(&at) && on_segment(at, edge) {
            shared.push(at);
        }
    }
    let [at] = shared.as_slice() else { return shared.is_empty() };
    if !a.contains(at) || !b.contains(at) {
        return false;
    }
    let paths = [lines.path_of(first), lines.path_of(second)];
    let is_same = paths[0].start == paths[1].start;
    if is_same && second - first == 1 {
        return true;
    }
    let are_ends = is_end(lines, paths[0], first, *at) && is_end(lines, paths[1], second, *at);
    let is_closed = |path: &Path| lines.coords[path.start] == lines.coords[path.end - 1];
    are_ends && (is_same || !paths.into_iter().any(is_closed))
}

/// Returns whether a position in a segment is an end of its path.
fn is_end(lines: &Shape, path: &Path, segment: usize, at: Xy) -> bool {
    (segment == path.start && lines.coords[path.start] == at)
        || (segment + 2 == path.end && lines.coords[path.end - 1] == at)
}
