//! What lines enclose that are not cut everywhere they meet.
//!
//! The faces of such lines may lie on each other, so that no plane is divided by them. Every ring is
//! looked at by itself, as GEOS does: a hole belongs to the smallest ring around it, as far as one
//! position of it tells.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::assemble::{borders, ring};
use super::faces::Faces;
use super::polygonize::graph_of;
use crate::Bounds;
use crate::interrupt::is_over;
use crate::overlay::Rings;
use crate::planar::{Key, Xy, crosses_ray, key, on_segment};

/// Returns whether lines meet in a position that is not an end of all of them.
pub(super) fn are_loose(lines: &[Vec<Xy>]) -> bool {
    let mut visits: HashMap<Key, (usize, bool)> = HashMap::new();
    for line in lines {
        let last = line.len().saturating_sub(1);
        for (index, at) in line.iter().enumerate() {
            let (count, is_inner) = visits.entry(key(*at)).or_default();
            *count += 1;
            *is_inner |= index != 0 && index != last;
        }
    }
    visits.values().any(|(count, is_inner)| *count > 1 && *is_inner)
}

/// Returns a polygon for each ring that runs around something; they may lie on each other.
pub(super) fn polygons_of(lines: &[Vec<Xy>], is_sound: impl Fn(&[Xy]) -> bool) -> Vec<Rings> {
    let shells = shells(lines, is_sound);
    shells.into_iter().map(|shell| shell.polygon).collect()
}

/// Returns those of the polygons that have an even number of others around them, of which each
/// fills a hole of the next. Their union is the area.
pub(super) fn areas_of(lines: &[Vec<Xy>], is_sound: impl Fn(&[Xy]) -> bool) -> Vec<Rings> {
    let mut shells = shells(lines, is_sound);
    let size = |shell: &Shell| shell.border.bounds.width() * shell.border.bounds.height();
    shells.sort_by(|a, b| size(b).partial_cmp(&size(a)).unwrap_or(Ordering::Equal));
    let by_edges: HashMap<&[usize], usize> = shells
        .iter()
        .enumerate()
        .map(|(index, shell)| (shell.border.edges.as_slice(), index))
        .collect();
    // What is around another one is larger, and therefore known before it.
    let mut depths: Vec<usize> = vec![0; shells.len()];
    let mut is_filling = vec![false; shells.len()];
    for (index, shell) in shells.iter().enumerate() {
        for hole in &shell.holes {
            if let Some(inner) = by_edges.get(hole.as_slice()).filter(|inner| **inner > index)
                && !is_filling[*inner]
            {
                is_filling[*inner] = true;
                depths[*inner] = depths[index] + 1;
            }
        }
    }
    let even = shells.into_iter().zip(depths).filter(|(_, depth)| depth.is_multiple_of(2));
    even.map(|(shell, _)| shell.polygon).collect()
}

/// A ring of edges.
struct Border {
    path: Vec<Xy>,
    /// The edges, sorted.
    edges: Vec<usize>,
    bounds: Bounds,
}

/// A polygon around a ring.
struct Shell {
    border: Border,
    /// The edges of its holes.
    holes: Vec<Vec<usize>>,
    polygon: Rings,
}

fn shells(lines: &[Vec<Xy>], is_sound: impl Fn(&[Xy]) -> bool) -> Vec<Shell> {
    let mut graph = graph_of(lines);
    graph.remove_dangles();
    graph.remove_bridges();
    let (of, count) = graph.cycles();
    let faces = Faces { of, count };
    let each: Vec<Option<usize>> = (0..count).map(Some).collect();
    let mut shells = Vec::new();
    let mut holes = Vec::new();
    for border in borders(&graph, &faces, &each).into_iter().flat_map(|region| region.loops) {
        let path = ring(&graph, &border);
        if !is_sound(&path) {
            continue;
        }
        let mut edges: Vec<usize> = border.halves.iter().map(|half| half / 2).collect();
        edges.sort_unstable();
        let bounds = path
            .iter()
            .fold(Bounds::NOTHING, |bounds, [x, y]| bounds.merge(&Bounds::point(*x, *y)));
        let is_shell = border.is_shell;
        let border = Border { path, edges, bounds };
        if is_shell {
            let polygon = vec![border.path.clone()];
            shells.push(Shell { border, holes: Vec::new(), polygon });
        } else {
            holes.push(border);
        }
    }
    for hole in holes {
        let mut smallest: Option<usize> = None;
        for (index, shell) in shells.iter().enumerate() {
            is_over();
            let is_smaller = smallest.is_none_or(|smallest| {
                shells[smallest].border.bounds.contains(&shell.border.bounds)
            });
            if is_smaller && shell.border.is_around(&hole) {
                smallest = Some(index);
            }
        }
        if let Some(shell) = smallest.and_then(|index| shells.get_mut(index)) {
            shell.holes.push(hole.edges);
            shell.polygon.push(hole.path);
        }
    }
    shells
}

impl Border {
    /// Returns whether a ring lies in this one, by one of its positions that is not of this one.
    fn is_around(&self, other: &Self) -> bool {
        if self.bounds == other.bounds || !self.bounds.contains(&other.bounds) {
            return false;
        }
        let own = other.path.iter().find(|at| !self.path.contains(at));
        own.is_some_and(|at| self.has_inside(*at))
    }

    fn has_inside(&self, at: Xy) -> bool {
        let segments = || self.path.windows(2).map(|pair| [pair[0], pair[1]]);
        segments().any(|segment| on_segment(at, segment))
            || segments().filter(|segment| crosses_ray(at, *segment)).count() % 2 == 1
    }
}
