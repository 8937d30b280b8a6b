//! A planar graph of paths that meet at their ends only.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::interrupt::{is_over, is_over_after};
use crate::planar::{Key, Xy, key, orient};

/// A planar graph of paths that meet at their ends only.
///
/// Every edge has two half-edges, one in each direction: `2 * edge` runs as the path was added,
/// `2 * edge + 1` against it. A half-edge is followed with its face on the right, so the border
/// of a bounded face runs clockwise.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    coords: Vec<Xy>,
    edges: Vec<Edge>,
    nodes: Vec<Xy>,
    index: HashMap<Key, usize>,
    /// Edges of two positions by their ends.
    straight: HashMap<[Key; 2], usize>,
    /// Longer edges by their positions, in the smaller of the two directions.
    bent: HashMap<Vec<Key>, usize>,
    /// The half-edges that leave each node, anticlockwise from straight down.
    stars: Vec<Vec<usize>>,
    /// Where a half-edge is in the star of its node.
    slots: Vec<usize>,
}

#[derive(Debug)]
struct Edge {
    start: usize,
    end: usize,
    nodes: [usize; 2],
    is_alive: bool,
}

impl Graph {
    /// Adds a path of at least two positions without repetition; returns its edge, and whether
    /// the edge runs in the same direction if it was there already.
    pub(crate) fn add(&mut self, path: &[Xy]) -> Option<(usize, bool)> {
        let (first, last) = (*path.first()?, *path.last()?);
        is_over_after(path.len());
        if path.len() == 2 {
            let (a, b) = (key(first), key(last));
            let ends = if a <= b { [a, b] } else { [b, a] };
            if let Some(edge) = self.straight.get(&ends) {
                return Some((*edge, self.nodes[self.edges[*edge].nodes[0]] == first));
            }
            self.straight.insert(ends, self.edges.len());
        } else {
            let forward: Vec<Key> = path.iter().map(|at| key(*at)).collect();
            let backward: Vec<Key> = forward.iter().rev().copied().collect();
            let keys = forward.min(backward);
            if let Some(edge) = self.bent.get(&keys) {
                let known = self.edges[*edge].start;
                return Some((*edge, self.coords[known..known + 2] == path[..2]));
            }
            self.bent.insert(keys, self.edges.len());
        }
        let nodes = [self.node(first), self.node(last)];
        let start = self.coords.len();
        self.coords.extend_from_slice(path);
        self.edges.push(Edge { start, end: self.coords.len(), nodes, is_alive: true });
        Some((self.edges.len() - 1, true))
    }

    /// Adds every segment of a path as an edge of its own.
    pub(crate) fn add_segments(&mut self, path: &[Xy], mut visit: impl FnMut(usize, bool)) {
        for pair in path.windows(2) {
            if pair[0] != pair[1]
                && let Some((edge, is_same)) = self.add(pair)
            {
                visit(edge, is_same);
            }
        }
    }

    fn node(&mut self, at: Xy) -> usize {
        *self.index.entry(key(at)).or_insert_with(|| {
            self.nodes.push(at);
            self.nodes.len() - 1
        })
    }

    /// Returns the number of edges, removed ones included.
    pub(crate) fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// Returns the number of nodes.
    pub(crate) fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Returns the edges that have not been removed.
    pub(crate) fn edges(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.edges.len()).filter(|edge| self.edges[*edge].is_alive)
    }

    /// Returns the positions of an edge, in the direction in which it was added.
    pub(crate) fn path(&self, edge: usize) -> &[Xy] {
        &self.coords[self.edges[edge].start..self.edges[edge].end]
    }

    /// Returns the node that a half-edge leaves.
    pub(crate) fn origin(&self, half: usize) -> usize {
        self.edges[half / 2].nodes[half % 2]
    }

    /// Returns the position of a node.
    pub(crate) fn at(&self, node: usize) -> Xy {
        self.nodes[node]
    }

    /// Returns the half-edges that leave a node, anticlockwise from straight down.
    pub(crate) fn star(&self, node: usize) -> &[usize] {
        &self.stars[node]
    }

    /// Appends the positions along a half-edge, without the last one.
    pub(crate) fn extend_path(&self, half: usize, path: &mut Vec<Xy>) {
        let coords = self.path(half / 2);
        if half.is_multiple_of(2) {
            path.extend_from_slice(&coords[..coords.len() - 1]);
        } else {
            path.extend(coords[1..].iter().rev());
        }
    }

    /// Returns the half-edge that follows on the border of the face on the right.
    pub(crate) fn next(&self, half: usize) -> usize {
        let twin = half ^ 1;
        let star = &self.stars[self.origin(twin)];
        star[(self.slots[twin] + 1) % star.len()]
    }

    /// Takes edges out of the graph.
    pub(crate) fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        for (number, edge) in self.edges.iter_mut().enumerate() {
            edge.is_alive &= keep(number);
        }
        self.sort();
    }

    /// Puts edges that were taken out back.
    pub(crate) fn restore(&mut self, keep: impl Fn(usize) -> bool) {
        for (number, edge) in self.edges.iter_mut().enumerate() {
            edge.is_alive = keep(number);
        }
        self.sort();
    }

    /// Sorts the edges around every node; to be called once all edges are there.
    pub(crate) fn sort(&mut self) {
        self.stars = vec![Vec::new(); self.nodes.len()];
        self.slots = vec![0; 2 * self.edges.len()];
        for edge in 0..self.edges.len() {
            if self.edges[edge].is_alive {
                for half in [2 * edge, 2 * edge + 1] {
                    self.stars[self.edges[edge].nodes[half % 2]].push(half);
                }
            }
        }
        let mut stars = std::mem::take(&mut self.stars);
        for star in &mut stars {
            is_over_after(star.len());
            star.sort_by(|a, b| self.compare(*a, *b));
            for (slot, half) in star.iter().enumerate() {
                self.slots[*half] = slot;
            }
        }
        self.stars = stars;
    }

    /// Removes the edges with an end where nothing continues; returns them.
    pub(crate) fn remove_dangles(&mut self) -> Vec<usize> {
        let mut degrees: Vec<usize> = self.stars.iter().map(Vec::len).collect();
        let mut ends: Vec<usize> =
            (0..self.nodes.len()).filter(|node| degrees[*node] == 1).collect();
        let mut dangles = Vec::new();
        while let Some(node) = ends.pop() {
            let half = self.stars[node].iter().find(|half| self.edges[**half / 2].is_alive);
            let Some(&half) = half else { continue };
            self.edges[half / 2].is_alive = false;
            dangles.push(half / 2);
            let other = self.origin(half ^ 1);
            degrees[node] -= 1;
            degrees[other] -= 1;
            if degrees[other] == 1 {
                ends.push(other);
            }
        }
        if !dangles.is_empty() {
            self.sort();
        }
        dangles
    }

    /// Removes the edges that have the same face on both sides; returns them.
    pub(crate) fn remove_bridges(&mut self) -> Vec<usize> {
        let (cycles, _) = self.cycles();
        let bridges: Vec<usize> =
            self.edges().filter(|edge| cycles[2 * edge] == cycles[2 * edge + 1]).collect();
        if !bridges.is_empty() {
            for edge in &bridges {
                self.edges[*edge].is_alive = false;
            }
            self.sort();
        }
        bridges
    }

    /// Returns the number of the closed walk that each half-edge is part of, and how many walks
    /// there are; removed half-edges have none.
    pub(crate) fn cycles(&self) -> (Vec<usize>, usize) {
        let mut cycles = vec![usize::MAX; 2 * self.edges.len()];
        let mut count = 0;
        for edge in self.edges() {
            for start in [2 * edge, 2 * edge + 1] {
                if cycles[start] != usize::MAX {
                    continue;
                }
                let mut half = start;
                loop {
                    is_over();
                    cycles[half] = count;
                    half = self.next(half);
                    if half == start {
                        break;
                    }
                }
                count += 1;
            }
        }
        (cycles, count)
    }

    /// Returns the first position after the origin of a half-edge.
    fn towards(&self, half: usize) -> Xy {
        let path = self.path(half / 2);
        if half.is_multiple_of(2) { path[1] } else { path[path.len() - 2] }
    }

    /// Compares two half-edges of one node anticlockwise from straight down.
    fn compare(&self, a: usize, b: usize) -> Ordering {
        let from = self.nodes[self.origin(a)];
        let (to_a, to_b) = (self.towards(a), self.towards(b));
        let (sector, other) = (sector(from, to_a), sector(from, to_b));
        sector.cmp(&other).then_with(|| match orient(from, to_a, to_b) {
            1 => Ordering::Less,
            -1 => Ordering::Greater,
            _ => Ordering::Equal,
        })
    }
}

/// Returns which part of the turn a direction lies in, anticlockwise from straight down.
fn sector(from: Xy, to: Xy) -> u8 {
    if to[0] > from[0] {
        0
    } else if to[0] < from[0] {
        2
    } else if to[1] > from[1] {
        1
    } else {
        3
    }
}
