//! How the rings of polygons meet themselves and each other.

use std::ops::ControlFlow;

use super::check::{Defect, Flaw};
use crate::Sequence;
use crate::planar::{EdgeTree, Path, Role, Shape, Xy, crossing_point, on_segment, orient};

/// What a path of an outline is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ring {
    /// The number of its polygon.
    pub(super) polygon: usize,
    /// Whether it is the exterior of the polygon.
    pub(super) is_shell: bool,
    /// The number of its path.
    pub(super) path: usize,
}

/// All rings of a polygon or multipolygon.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) shape: Shape,
    pub(super) tree: Option<EdgeTree>,
    pub(super) rings: Vec<Ring>,
    /// The ring of each segment.
    ring_of: Vec<usize>,
}

/// Two rings that touch in a vertex without crossing there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contact {
    pub(super) rings: [usize; 2],
    pub(super) at: Xy,
    /// The neighbours of the position on each ring, before and after.
    pub(super) neighbours: [[Xy; 2]; 2],
}

impl Outline {
    /// Adds a ring, unless it has fewer than three different positions in a row.
    pub(super) fn add(&mut self, ring: Sequence<'_>, role: Ring) -> bool {
        let before = self.shape.coords.len();
        let paths = self.shape.paths.len();
        let positions = (0..ring.len()).map(|index| ring.xy(index));
        let kind = if role.is_shell { Role::Shell } else { Role::Hole };
        self.shape.add_path(positions, kind, 0);
        if self.shape.paths.len() == paths || self.shape.coords.len() - before < 4 {
            return false;
        }
        self.ring_of.resize(self.shape.coords.len(), self.rings.len());
        self.rings.push(Ring { path: paths, ..role });
        true
    }

    pub(super) fn indexed(mut self) -> Self {
        self.shape.groups = 1;
        self.tree = Some(EdgeTree::new(&self.shape));
        self
    }

    pub(super) fn path(&self, ring: usize) -> &Path {
        &self.shape.paths[self.rings[ring].path]
    }

    pub(super) fn coords(&self, ring: usize) -> &[Xy] {
        self.shape.path_coords(self.path(ring))
    }

    /// Returns the ring that a segment belongs to.
    pub(super) fn ring_of(&self, segment: usize) -> usize {
        self.ring_of[segment]
    }

    /// Returns the vertex before the start of a segment.
    fn before(&self, segment: usize) -> Xy {
        let path = self.path(self.ring_of[segment]);
        let before = if segment == path.start { path.end - 2 } else { segment - 1 };
        self.shape.coords[before]
    }

    /// Returns whether two segments of a ring follow each other.
    fn are_adjacent(&self, first: usize, second: usize) -> bool {
        let path = self.path(self.ring_of[first]);
        second - first == 1 || (first == path.start && second + 2 == path.end)
    }
}

/// Returns the first place where rings meet in a way that makes them invalid; collects the other
/// places where they meet.
pub(super) fn crossing(
    outline: &Outline,
    allow_inverted: bool,
    contacts: &mut Vec<Contact>,
) -> Option<Defect> {
    let shape = &outline.shape;
    let tree = outline.tree.as_ref()?;
    let mut found: Option<([usize; 2], Defect)> = None;
    let _ = tree.own_pairs(shape, &mut |first, second| {
        if found.as_ref().is_none_or(|(pair, _)| [first, second] < *pair)
            && let Some(defect) = meet(outline, [first, second], allow_inverted, contacts)
        {
            found = Some(([first, second], defect));
        }
        ControlFlow::Continue(())
    });
    found.map(|(_, defect)| defect)
}

/// Returns what is wrong with the way two segments meet; records a contact that may be valid.
fn meet(
    outline: &Outline,
    [first, second]: [usize; 2],
    allow_inverted: bool,
    contacts: &mut Vec<Contact>,
) -> Option<Defect> {
    let (a, b) = (outline.shape.segment(first), outline.shape.segment(second));
    let (b0, b1) = (orient(a[0], a[1], b[0]), orient(a[0], a[1], b[1]));
    if b0 * b1 > 0 {
        return None;
    }
    let (a0, a1) = (orient(b[0], b[1], a[0]), orient(b[0], b[1], a[1]));
    if a0 * a1 > 0 {
        return None;
    }
    if b0 * b1 < 0 && a0 * a1 < 0 {
        return Some(Defect::new(Flaw::SelfIntersection, crossing_point(a, b)));
    }
    let mut shared: Vec<Xy> = Vec::with_capacity(2);
    for (side, at, edge) in [(a0, a[0], b), (a1, a[1], b), (b0, b[0], a), (b1, b[1], a)] {
        if side == 0 && !shared.contains(&at) && on_segment(at, edge) {
            shared.push(at);
        }
    }
    let at = *shared.first()?;
    if shared.len() > 1 {
        return Some(Defect::new(Flaw::SelfIntersection, at));
    }
    let rings = [outline.ring_of(first), outline.ring_of(second)];
    let is_same = rings[0] == rings[1];
    if is_same && outline.are_adjacent(first, second) {
        return None;
    }
    if is_same && !allow_inverted {
        return Some(Defect::new(Flaw::RingSelfIntersection, at));
    }
    // The end of a segment is the start of the next one, which is looked at by itself.
    if at == a[1] || at == b[1] {
        return None;
    }
    let around = |segment: usize, edge: [Xy; 2]| {
        let before = if at == edge[0] { outline.before(segment) } else { edge[0] };
        [before, edge[1]]
    };
    let neighbours = [around(first, a), around(second, b)];
    if crosses(at, neighbours) {
        return Some(Defect::new(Flaw::SelfIntersection, at));
    }
    contacts.push(Contact { rings, at, neighbours });
    None
}

/// Returns whether two paths through one position cross there.
fn crosses(at: Xy, [first, second]: [[Xy; 2]; 2]) -> bool {
    let sides = second.map(|to| is_between(at, first, to));
    matches!(sides, [Some(a), Some(b)] if a != b)
}

/// Returns whether a direction lies anticlockwise between two others; nothing when it is one of
/// them.
pub(super) fn is_between(at: Xy, [from, to]: [Xy; 2], direction: Xy) -> Option<bool> {
    let after_from = turn(at, from, direction);
    let after_to = turn(at, to, direction);
    if after_from == Turn::Same || after_to == Turn::Same {
        return None;
    }
    Some(match turn(at, from, to) {
        Turn::Left => after_from == Turn::Left && after_to == Turn::Right,
        Turn::Same => false,
        Turn::Opposite => after_from == Turn::Left,
        Turn::Right => !(after_from == Turn::Right && after_to == Turn::Left),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Left,
    Right,
    Same,
    Opposite,
}

/// Returns in which direction one turns from one direction to another.
fn turn(at: Xy, from: Xy, to: Xy) -> Turn {
    match orient(at, from, to) {
        1 => Turn::Left,
        -1 => Turn::Right,
        _ => {
            let axis = usize::from((from[1] - at[1]).abs() > (from[0] - at[0]).abs());
            let is_same = (from[axis] > at[axis]) == (to[axis] > at[axis]) && to[axis] != at[axis];
            if is_same { Turn::Same } else { Turn::Opposite }
        }
    }
}
