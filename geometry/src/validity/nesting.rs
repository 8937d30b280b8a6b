//! Whether rings that do not cross lie where they should.

use std::collections::HashMap;

use super::check::{Defect, Flaw};
use super::rings::{Outline, is_between};
use crate::planar::{Role, Xy, crosses_ray, on_segment};

/// Returns a ring that lies where it should not.
pub(super) fn defect(outline: &Outline) -> Option<Defect> {
    if outline.rings.len() == 1 {
        return None;
    }
    let around: Vec<Vec<usize>> =
        (0..outline.rings.len()).map(|ring| rings_around(outline, ring)).collect();
    let at = |ring: usize| outline.coords(ring)[0];
    let shells = (0..outline.rings.len()).filter(|ring| outline.rings[*ring].is_shell);
    let holes = (0..outline.rings.len()).filter(|ring| !outline.rings[*ring].is_shell);
    let polygon_of = |ring: usize| outline.rings[ring].polygon;
    let is_shell = |ring: usize| outline.rings[ring].is_shell;
    for hole in holes.clone() {
        let is_own_shell = |ring: &usize| is_shell(*ring) && polygon_of(*ring) == polygon_of(hole);
        if !around[hole].iter().any(is_own_shell) {
            return Some(Defect::new(Flaw::HoleOutsideShell, at(hole)));
        }
    }
    for hole in holes {
        let is_own_hole = |ring: &usize| !is_shell(*ring) && polygon_of(*ring) == polygon_of(hole);
        if around[hole].iter().any(is_own_hole) {
            return Some(Defect::new(Flaw::NestedHoles, at(hole)));
        }
    }
    for shell in shells {
        for other in around[shell].iter().filter(|ring| is_shell(**ring)) {
            let is_in_hole = around[shell]
                .iter()
                .any(|ring| !is_shell(*ring) && polygon_of(*ring) == polygon_of(*other));
            if !is_in_hole {
                return Some(Defect::new(Flaw::NestedShells, at(shell)));
            }
        }
    }
    None
}

/// Returns the rings that a ring lies in.
fn rings_around(outline: &Outline, ring: usize) -> Vec<usize> {
    let at = outline.coords(ring)[0];
    let next = outline.coords(ring)[1];
    let mut found: HashMap<usize, Position> = HashMap::new();
    let Some(tree) = &outline.tree else { return Vec::new() };
    tree.to_the_right(&outline.shape, at, |segment| {
        let other = outline.ring_of(segment);
        if other == ring {
            return;
        }
        let edge = outline.shape.segment(segment);
        let position = found.entry(other).or_default();
        if on_segment(at, edge) {
            if edge[0] != at {
                position.before = Some(edge[0]);
            }
            if edge[1] != at {
                position.after = Some(edge[1]);
            }
        } else if crosses_ray(at, edge) {
            position.is_inside = !position.is_inside;
        }
    });
    let mut around: Vec<usize> = found
        .into_iter()
        .filter(|(other, position)| {
            let (Some(before), Some(after)) = (position.before, position.after) else {
                return position.is_inside;
            };
            // The position is on the other ring: the direction in which the ring leaves decides.
            let path = outline.path(*other);
            let is_anticlockwise = path.interior_left == (path.role == Role::Shell);
            let inside = if is_anticlockwise { [after, before] } else { [before, after] };
            is_between(at, inside, next) == Some(true)
        })
        .map(|(other, _)| other)
        .collect();
    around.sort_unstable();
    around
}

/// Where a position lies relative to a ring.
#[derive(Debug, Default)]
struct Position {
    /// Whether an odd number of edges is on its right.
    is_inside: bool,
    /// The neighbours of the position, if the ring runs through it.
    before: Option<Xy>,
    after: Option<Xy>,
}
