//! Polygons from the faces of a planar graph.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::faces::{Faces, OUTSIDE};
use super::graph::Graph;
use crate::interrupt::is_over;
use crate::overlay::Rings;
use crate::planar::{Xy, orient};

/// A border that meets itself nowhere: its half-edges, in order.
#[derive(Debug, Clone)]
pub(crate) struct Loop {
    /// The half-edges in order, with the area on their right.
    pub(crate) halves: Vec<usize>,
    /// Whether the border runs around its area, and not around a hole.
    pub(crate) is_shell: bool,
}

/// A connected area: its shell and holes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Region {
    /// The borders, the shell first.
    pub(crate) loops: Vec<Loop>,
}

impl Region {
    /// Returns the rings, the exterior first and clockwise.
    pub(crate) fn rings(&self, graph: &Graph) -> Rings {
        self.loops.iter().map(|border| ring(graph, border)).collect()
    }
}

/// Returns the areas that are made of faces: faces of one region number become one polygon.
pub(crate) fn regions(graph: &Graph, faces: &Faces, region_of: &[Option<usize>]) -> Vec<Region> {
    let mut regions = borders(graph, faces, region_of);
    regions.retain(|region| region.loops.first().is_some_and(|border| border.is_shell));
    regions
}

/// Returns the borders of each region number; without a shell they surround what is no region.
pub(super) fn borders(graph: &Graph, faces: &Faces, region_of: &[Option<usize>]) -> Vec<Region> {
    let region = |half: usize| match faces.of[half] {
        OUTSIDE => None,
        face => region_of.get(face).copied().flatten(),
    };
    let count = region_of.iter().flatten().max().map_or(0, |largest| largest + 1);
    let mut regions = vec![Region::default(); count];
    let mut is_used = vec![false; 2 * graph.edge_count()];
    for start in graph.edges().flat_map(|edge| [2 * edge, 2 * edge + 1]) {
        let Some(number) = region(start) else { continue };
        let is_border =
            |half: usize| region(half) == Some(number) && region(half ^ 1) != Some(number);
        if is_used[start] || !is_border(start) {
            continue;
        }
        let mut walk = Vec::new();
        let mut half = start;
        loop {
            is_over();
            is_used[half] = true;
            walk.push(half);
            half = graph.next(half);
            // Inner edges of the region are passed by.
            while !is_border(half) && half != start {
                half = graph.next(half ^ 1);
            }
            if half == start || is_used[half] {
                break;
            }
        }
        for border in split(graph, &walk) {
            let at = if border.is_shell { 0 } else { regions[number].loops.len() };
            regions[number].loops.insert(at, border);
        }
    }
    regions
}

/// Returns a number for each face that has an owner: faces of one owner that share an edge have
/// the same.
fn connect(
    graph: &Graph,
    faces: &Faces,
    owner_of: impl Fn(usize) -> Option<usize>,
) -> Vec<Option<usize>> {
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); faces.count];
    for edge in graph.edges() {
        is_over();
        let (a, b) = (faces.of[2 * edge], faces.of[2 * edge + 1]);
        if a != b && a != OUTSIDE && b != OUTSIDE && owner_of(a) == owner_of(b) {
            neighbours[a].push(b);
            neighbours[b].push(a);
        }
    }
    let mut numbers = vec![None; faces.count];
    let mut count = 0;
    let mut stack = Vec::new();
    for start in (0..faces.count).filter(|face| owner_of(*face).is_some()) {
        if numbers[start].is_some() {
            continue;
        }
        numbers[start] = Some(count);
        stack.push(start);
        while let Some(face) = stack.pop() {
            for next in &neighbours[face] {
                if numbers[*next].is_none() {
                    numbers[*next] = Some(count);
                    stack.push(*next);
                }
            }
        }
        count += 1;
    }
    numbers
}

/// Returns the polygons of all faces that are inside.
pub(crate) fn polygons(
    graph: &Graph,
    faces: &Faces,
    is_inside: impl Fn(usize) -> bool,
) -> Vec<Rings> {
    let numbers = connect(graph, faces, |face| is_inside(face).then_some(0));
    regions(graph, faces, &numbers).iter().map(|region| region.rings(graph)).collect()
}

/// Returns the polygons of the faces of each of a number of owners.
pub(crate) fn polygons_of_owners(
    graph: &Graph,
    faces: &Faces,
    owner_of: impl Fn(usize) -> Option<usize>,
    count: usize,
) -> Vec<Vec<Rings>> {
    let mut owned = vec![Vec::new(); count];
    let numbers = connect(graph, faces, &owner_of);
    for region in regions(graph, faces, &numbers) {
        let half = region.loops.first().and_then(|shell| shell.halves.first());
        let owner = half.and_then(|half| owner_of(faces.of[*half]));
        if let Some(polygons) = owner.and_then(|owner| owned.get_mut(owner)) {
            polygons.push(region.rings(graph));
        }
    }
    owned
}

/// Cuts a closed walk in every node where it meets itself.
fn split(graph: &Graph, walk: &[usize]) -> Vec<Loop> {
    let mut loops = Vec::new();
    let mut open: Vec<usize> = Vec::with_capacity(walk.len());
    let mut depth_of: HashMap<usize, usize> = HashMap::new();
    for &half in walk {
        let node = graph.origin(half);
        if let Some(depth) = depth_of.get(&node).copied() {
            let closed = open.split_off(depth);
            for half in closed.iter().skip(1) {
                depth_of.remove(&graph.origin(*half));
            }
            loops.push(closed);
        } else {
            depth_of.insert(node, open.len());
        }
        open.push(half);
    }
    loops.push(open);
    loops
        .into_iter()
        .filter(|halves| {
            halves.len() > 1 || halves.iter().any(|half| graph.path(half / 2).len() > 2)
        })
        .map(|halves| {
            let is_shell = is_clockwise(&path(graph, &halves));
            Loop { halves, is_shell }
        })
        .collect()
}

fn path(graph: &Graph, halves: &[usize]) -> Vec<Xy> {
    let mut path = Vec::with_capacity(halves.len() + 1);
    for half in halves {
        graph.extend_path(*half, &mut path);
    }
    path.extend(path.first().copied());
    path
}

pub(super) fn ring(graph: &Graph, border: &Loop) -> Vec<Xy> {
    path(graph, &border.halves)
}

/// Returns whether a closed ring that crosses itself nowhere runs clockwise.
///
/// The ring may touch itself: what counts is the segment that comes first, anticlockwise from
/// straight down, in the leftmost, then lowest position.
fn is_clockwise(ring: &[Xy]) -> bool {
    let forward = ring.windows(2).map(|pair| (pair[0], pair[1], false));
    let backward = ring.windows(2).map(|pair| (pair[1], pair[0], true));
    let first = forward.chain(backward).min_by(|(a, to_a, _), (b, to_b, _)| {
        let order = a.partial_cmp(b).unwrap_or(Ordering::Equal);
        order.then_with(|| orient(*a, *to_b, *to_a).cmp(&0))
    });
    first.is_some_and(|(_, _, arrives)| arrives)
}
