//! Removes the concavities of a line that its offset curve cannot show.

use crate::planar::{Xy, closest_on_segment, distance_squared, orient};

/// Positions checked between the ends of a concavity.
const SAMPLES: usize = 10;

/// Returns the line without the vertices of shallow concavities.
///
/// A positive tolerance removes those that turn left, a negative one those that turn right. The
/// first and last edges of an open line stay, so that its ends look the same from both sides.
pub(super) fn simplify(line: &[Xy], tolerance: f64) -> Vec<Xy> {
    let is_ring = line.len() > 3 && line.first() == line.last();
    let mut input = Input {
        line,
        is_removed: vec![false; line.len()],
        turn: if tolerance < 0.0 { -1 } else { 1 },
        tolerance: tolerance * tolerance,
    };
    while input.remove_concavities(usize::from(!is_ring)) {}
    let kept = line.iter().zip(&input.is_removed).filter(|(_, is_removed)| !**is_removed);
    kept.map(|(at, _)| *at).collect()
}

struct Input<'l> {
    line: &'l [Xy],
    is_removed: Vec<bool>,
    /// The direction of the turns that are concave.
    turn: i8,
    /// The square of the tolerance.
    tolerance: f64,
}

impl Input<'_> {
    fn remove_concavities(&mut self, first: usize) -> bool {
        let mut is_changed = false;
        let mut index = first;
        let mut middle = self.next(index);
        let mut last = self.next(middle);
        while last < self.line.len() {
            if self.is_removable(index, middle, last) {
                self.is_removed[middle] = true;
                is_changed = true;
                index = last;
            } else {
                index = middle;
            }
            middle = self.next(index);
            last = self.next(middle);
        }
        is_changed
    }

    fn next(&self, index: usize) -> usize {
        let mut next = index + 1;
        while self.is_removed.get(next).copied().unwrap_or(false) {
            next += 1;
        }
        next
    }

    fn is_removable(&self, index: usize, middle: usize, last: usize) -> bool {
        let [start, at, end] = [index, middle, last].map(|index| self.line[index]);
        if orient(start, at, end) != self.turn || !self.is_shallow(at, [start, end]) {
            return false;
        }
        let step = ((last - index) / SAMPLES).max(1);
        (index..last).step_by(step).all(|sample| self.is_shallow(at, [start, self.line[sample]]))
    }

    fn is_shallow(&self, at: Xy, edge: [Xy; 2]) -> bool {
        distance_squared(at, closest_on_segment(at, edge)) < self.tolerance
    }
}
