//! Few cells that have every position of a geometry between them.
//!
//! As in the S2 library, the largest cells are divided first, until dividing another one would
//! give too many.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::super::sphere::Located;
use super::super::vector::{Vector, add, scale, vector};
use super::cell::{Cell, MAX_LEVEL};
use crate::{Geometry, GeometryError};

/// How far a cell reaches beyond its border, so that rounding loses nothing.
const PADDING: f64 = 2.5e-15;

/// The number of cells that is too many.
const MOST_CELLS: usize = 1_000_000;

/// How large cells may be and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The level of the largest cells, 0 to 30.
    pub least_level: u32,
    /// The level of the smallest cells, 0 to 30.
    pub most_level: u32,
    /// The number of cells that is not passed unless the least level, or the cells in which a
    /// geometry on several sides begins, ask for more.
    pub most_cells: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { least_level: 0, most_level: MAX_LEVEL, most_cells: 8 }
    }
}

/// Returns the ids of cells that cover a geometry in longitude and latitude, in order; an error
/// when the least level asks for more than a million.
pub fn covering(geometry: Geometry<'_>, limits: &Limits) -> Result<Vec<u64>, GeometryError> {
    let Some(region) = Region::new(geometry) else {
        return Ok(Vec::new());
    };
    let all: Vec<usize> = (0..region.edges.len()).collect();
    let mut found = Vec::new();
    let mut waiting = BinaryHeap::new();
    for face in Cell::faces() {
        if let Some(candidate) = region.candidate(face, &all, limits) {
            place(candidate, &region, limits, &mut waiting, &mut found);
        }
    }
    while let Some(Divided { parent, children, .. }) = waiting.pop() {
        let count = found.len() + waiting.len() + children.len();
        if count > MOST_CELLS.max(limits.most_cells) {
            return Err(GeometryError::InvalidArgument {
                reason: format!(
                    "cells of level {} are too small to cover the geometry with {MOST_CELLS}",
                    limits.least_level
                ),
            });
        }
        let is_divided =
            parent.level < limits.least_level || children.len() == 1 || count <= limits.most_cells;
        if is_divided {
            for child in children {
                place(child, &region, limits, &mut waiting, &mut found);
            }
        } else {
            found.push(parent.id);
        }
    }
    Ok(normalised(found, limits.least_level))
}

/// A cell that meets the geometry, and the edges in it.
struct Candidate {
    cell: Cell,
    edges: Vec<usize>,
    is_final: bool,
}

/// A cell with those of its children that meet the geometry.
struct Divided {
    parent: Cell,
    children: Vec<Candidate>,
    final_count: usize,
}

impl Divided {
    /// Larger cells come first, then those with fewer children; among equals, as the heap has it,
    /// which is how the library decides as well.
    fn rank(&self) -> (u32, usize, usize) {
        (self.parent.level, self.children.len(), self.final_count)
    }
}

impl Ord for Divided {
    fn cmp(&self, other: &Self) -> Ordering {
        other.rank().cmp(&self.rank())
    }
}

impl PartialOrd for Divided {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Divided {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Divided {}

/// Puts a candidate where it belongs: to the cells found, or to those that wait to be divided.
fn place(
    candidate: Candidate,
    region: &Region,
    limits: &Limits,
    waiting: &mut BinaryHeap<Divided>,
    found: &mut Vec<u64>,
) {
    let Candidate { cell, edges, is_final } = candidate;
    if is_final {
        found.push(cell.id);
        return;
    }
    let children: Vec<Candidate> =
        cell.children().filter_map(|child| region.candidate(child, &edges, limits)).collect();
    let final_count = children.iter().filter(|child| child.is_final).count();
    if final_count == 4 && cell.level >= limits.least_level {
        found.push(cell.id);
    } else if !children.is_empty() {
        waiting.push(Divided { parent: cell, children, final_count });
    }
}

/// A geometry on the sphere.
struct Region {
    located: Located,
    edges: Vec<[Vector; 2]>,
}

impl Region {
    fn new(geometry: Geometry<'_>) -> Option<Self> {
        let located = Located::new(geometry)?;
        let mut edges = Vec::new();
        geometry.sequences(&mut |_, sequence| {
            let mut last: Option<Vector> = None;
            let is_point = sequence.len() == 1;
            sequence.for_each_xy(|x, y| {
                let at = vector([x, y]);
                if is_point {
                    edges.push([at, at]);
                }
                edges.extend(last.map(|last| [last, at]));
                last = Some(at);
            });
        });
        Some(Self { located, edges })
    }

    /// Returns the cell with the edges in it, unless it has nothing of the geometry.
    fn candidate(&self, cell: Cell, edges: &[usize], limits: &Limits) -> Option<Candidate> {
        let edges: Vec<usize> = edges
            .iter()
            .copied()
            .filter(|edge| self.edges.get(*edge).is_some_and(|edge| meets(cell, *edge)))
            .collect();
        // Without edges, a cell is inside wholly or outside wholly.
        let is_inside = edges.is_empty();
        if is_inside && !self.located.contains(cell.centre()) {
            return None;
        }
        let is_final =
            cell.level >= limits.least_level && (cell.level >= limits.most_level || is_inside);
        Some(Candidate { cell, edges, is_final })
    }
}

/// Returns whether an edge has a position in a cell. On the side of the cube an edge is straight,
/// so what is left of it between the borders of the cell can be computed for each in turn.
fn meets(cell: Cell, [from, to]: [Vector; 2]) -> bool {
    let [from, to] = [from, to].map(|end| cell.project(end));
    let step = add(to, scale(from, -1.0));
    let [[u_least, u_most], [v_least, v_most]] = cell.bounds();
    let (mut start, mut end) = (0.0_f64, 1.0_f64);
    let borders = [
        [0.0, 0.0, 1.0],
        [1.0, 0.0, PADDING - u_least],
        [-1.0, 0.0, PADDING + u_most],
        [0.0, 1.0, PADDING - v_least],
        [0.0, -1.0, PADDING + v_most],
    ];
    for border in borders {
        let distance = |at: Vector| border[0] * at[0] + border[1] * at[1] + border[2] * at[2];
        let (at_start, change) = (distance(from), distance(step));
        if change > 0.0 {
            start = start.max(-at_start / change);
        } else if change < 0.0 {
            end = end.min(-at_start / change);
        } else if at_start < 0.0 {
            return false;
        }
    }
    start <= end
}

/// Returns the cells in order, four that make up a larger one as that one.
fn normalised(mut cells: Vec<u64>, least_level: u32) -> Vec<u64> {
    cells.sort_unstable();
    cells.dedup();
    let mut kept: Vec<u64> = Vec::with_capacity(cells.len());
    for mut cell in cells {
        while let Some(parent) = parent_of_four(&kept, cell, least_level) {
            kept.truncate(kept.len() - 3);
            cell = parent;
        }
        kept.push(cell);
    }
    kept
}

/// Returns the parent of a cell when the last three are its siblings before it.
fn parent_of_four(kept: &[u64], cell: u64, least_level: u32) -> Option<u64> {
    let lowest = 1_u64 << cell.trailing_zeros();
    if MAX_LEVEL - cell.trailing_zeros() / 2 <= least_level {
        return None;
    }
    let parent = cell.checked_sub(3 * lowest)?;
    let expected = [parent.checked_sub(3 * lowest)?, parent - lowest, parent + lowest];
    let siblings = kept.get(kept.len().checked_sub(3)?..)?;
    let is_parent = parent.trailing_zeros() == cell.trailing_zeros() + 2;
    (is_parent && siblings == expected).then_some(parent)
}
