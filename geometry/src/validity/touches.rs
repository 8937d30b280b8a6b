//! Whether touching rings divide the interior of a polygon.

use std::collections::HashMap;

use super::check::{Defect, Flaw};
use super::rings::{Contact, Outline, is_between};
use crate::planar::{Key, Xy, key};

/// Returns where the interior of a polygon is divided by rings that touch.
///
/// Rings and the positions where they touch form a graph; as long as it has no cycle, there is a
/// way around every ring. A ring that touches itself divides the interior if it does so from
/// within.
pub(super) fn disconnected(outline: &Outline, contacts: &[Contact]) -> Option<Defect> {
    let mut sets = Sets::new(outline.rings.len());
    let mut positions: HashMap<(usize, Key), usize> = HashMap::new();
    let mut joined: HashMap<(usize, Key), Xy> = HashMap::new();
    for contact in contacts {
        let [first, second] = contact.rings;
        if first == second {
            if touches_from_within(outline, contact) {
                return Some(Defect::new(Flaw::DisconnectedInterior, contact.at));
            }
            continue;
        }
        let polygon = outline.rings[first].polygon;
        if polygon != outline.rings[second].polygon {
            continue;
        }
        let position = *positions.entry((polygon, key(contact.at))).or_insert_with(|| sets.add());
        for ring in [first, second] {
            let is_new = joined.insert((ring, key(contact.at)), contact.at).is_none();
            if is_new && !sets.join(ring, position) {
                return Some(Defect::new(Flaw::DisconnectedInterior, contact.at));
            }
        }
    }
    None
}

fn touches_from_within(outline: &Outline, contact: &Contact) -> bool {
    let [[before, after], [other, _]] = contact.neighbours;
    let interior = if outline.path(contact.rings[0]).interior_left {
        [after, before]
    } else {
        [before, after]
    };
    is_between(contact.at, interior, other) == Some(true)
}

/// Sets that are joined until all that belongs together is together.
struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self { parents: (0..count).collect() }
    }

    fn add(&mut self) -> usize {
        self.parents.push(self.parents.len());
        self.parents.len() - 1
    }

    fn root(&mut self, member: usize) -> usize {
        let mut root = member;
        while self.parents[root] != root {
            self.parents[root] = self.parents[self.parents[root]];
            root = self.parents[root];
        }
        root
    }

    /// Joins the sets of two members; returns whether they were different.
    fn join(&mut self, first: usize, second: usize) -> bool {
        let (first, second) = (self.root(first), self.root(second));
        self.parents[first] = second;
        first != second
    }
}
