//! Where two areas touch without overlapping.

use std::ops::ControlFlow;

use crate::planar::{EdgeTree, Location, Shape, Xy, on_segment, orient};
use crate::relate::{Arrangement, Side, meet};

/// The lines and points in which two areas touch.
#[derive(Debug, Default)]
pub(super) struct Touching {
    pub(super) lines: Vec<Vec<Xy>>,
    pub(super) points: Vec<Xy>,
}

/// Returns the lines and points in which two areas touch without overlapping.
pub(super) fn touching(a: &Shape, b: &Shape) -> Touching {
    let (a, b) = (Side::new(a), Side::new(b));
    let mut touching = Touching::default();
    let _ = EdgeTree::pairs((a.shape, &a.tree), (b.shape, &b.tree), &mut |first, second| {
        if let Some(line) = shared_border(a.shape, first, b.shape, second) {
            touching.lines.push(line.to_vec());
        }
        ControlFlow::Continue(())
    });
    let sides = [&a, &b];
    for node in &Arrangement::new(sides).nodes {
        let meeting = meet(sides, node);
        let in_both = |locations: &[Location; 2]| !locations.contains(&Location::Exterior);
        if in_both(&meeting.at)
            && !meeting.sectors.iter().any(in_both)
            && !meeting.edges.iter().any(in_both)
        {
            touching.points.push(node.at);
        }
    }
    touching
}

/// Returns the part that two edges have in common, if the areas lie on different sides of it.
fn shared_border(a: &Shape, first: usize, b: &Shape, second: usize) -> Option<[Xy; 2]> {
    let (s, t) = (a.segment(first), b.segment(second));
    if orient(s[0], s[1], t[0]) != 0 || orient(s[0], s[1], t[1]) != 0 {
        return None;
    }
    let mut ends: Vec<Xy> = Vec::with_capacity(2);
    for (at, edge) in [(s[0], t), (s[1], t), (t[0], s), (t[1], s)] {
        if on_segment(at, edge) && !ends.contains(&at) {
            ends.push(at);
        }
    }
    let [from, to] = ends.as_slice() else { return None };
    let same_direction =
        (s[1][0] - s[0][0]) * (t[1][0] - t[0][0]) + (s[1][1] - s[0][1]) * (t[1][1] - t[0][1]) > 0.0;
    let left = [a.path_of(first).interior_left, b.path_of(second).interior_left == same_direction];
    (left[0] != left[1]).then_some([*from, *to])
}
