//! Puts paths on a grid so that they meet at vertices only: snap rounding with hot pixels.

use std::collections::HashSet;

use super::noder::{node, node_once};
use crate::interrupt::{is_over, is_over_after};
use crate::planar::{EdgeTree, Key, Role, Shape, Xy, key, orient};
use crate::{Bounds, GeometryError};

/// The largest number of cells from the origin at which cells can be told apart.
const MAX_CELLS: f64 = 4_503_599_627_370_496.0;
/// How close to a segment a vertex is that becomes part of it, in cells.
const NEARNESS: f64 = 0.01;

/// A grid through the origin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    size: f64,
    /// The reciprocal of the size.
    scale: f64,
}

impl Grid {
    /// Returns the grid of a size, unless the size is not positive.
    pub(crate) fn new(size: f64) -> Option<Self> {
        if !(size > 0.0 && size.is_finite()) {
            return None;
        }
        let nearly_whole = |value: f64| {
            if (value - value.round()).abs() < 1e-5 && value.round() > 0.0 {
                value.round()
            } else {
                value
            }
        };
        let scale = nearly_whole(1.0 / size);
        let size = nearly_whole(1.0 / scale);
        (scale > 0.0 && scale.is_finite()).then_some(Self { size, scale })
    }

    /// Returns the closest position on the grid.
    pub(crate) fn round(self, at: Xy) -> Xy {
        at.map(|value| {
            let cells = self.cells(value);
            if cells.abs() > MAX_CELLS {
                return value + 0.0;
            }
            self.value((cells + 0.5).floor())
        })
    }

    /// Returns an ordinate in cells.
    fn cells(self, value: f64) -> f64 {
        if self.size > 1.0 { value / self.size } else { value * self.scale }
    }

    /// Returns the ordinate of a number of cells.
    fn value(self, cells: f64) -> f64 {
        if self.size > 1.0 { cells * self.size + 0.0 } else { cells / self.scale + 0.0 }
    }
}

/// Returns paths whose vertices are on a grid and which meet at vertices only.
///
/// Every cell with a vertex or a crossing is hot, and a segment that runs through a hot cell gets
/// its middle as a vertex. What collapses into one position becomes a path of that position.
pub(crate) fn snap_rounded(paths: &[Vec<Xy>], grid: Grid) -> Result<Vec<Vec<Xy>>, GeometryError> {
    let is_far = |value: &f64| grid.cells(*value).abs() > MAX_CELLS;
    if paths.iter().flatten().flatten().any(is_far) {
        // The grid is finer than numbers of this size are.
        return node(paths.to_vec());
    }
    let noded = node_once(paths, grid.size * NEARNESS)?;
    let scaled: Vec<Vec<Xy>> = noded
        .iter()
        .map(|path| path.iter().map(|at| at.map(|value| grid.cells(value) + 0.0)).collect())
        .collect();
    let pixels = Pixels::new(&scaled);
    let rounded = scaled
        .iter()
        .map(|path| {
            is_over_after(path.len());
            let mut result: Vec<Xy> = Vec::with_capacity(path.len());
            let mut push = |middle: Xy| {
                let at = middle.map(|cells| grid.value(cells));
                if result.last() != Some(&at) {
                    result.push(at);
                }
            };
            for (index, at) in path.iter().enumerate() {
                push(middle(*at));
                let Some(next) = path.get(index + 1) else { break };
                for stop in pixels.along([*at, *next]) {
                    push(stop);
                }
            }
            result
        })
        .collect();
    Ok(rounded)
}

fn middle(at: Xy) -> Xy {
    at.map(|cells| (cells + 0.5).floor() + 0.0)
}

/// The hot cells, with an index.
struct Pixels {
    /// One edge without length for each cell, in its middle.
    middles: Shape,
    tree: EdgeTree,
}

impl Pixels {
    fn new(paths: &[Vec<Xy>]) -> Self {
        let mut seen: HashSet<Key> = HashSet::new();
        let mut middles = Shape::default();
        for at in paths.iter().flatten() {
            if is_over() {
                break;
            }
            let at = middle(*at);
            if seen.insert(key(at)) {
                middles.add_edge(at, at, Role::Line);
            }
        }
        let tree = EdgeTree::new(&middles);
        Self { middles, tree }
    }

    /// Returns the middles of the hot cells that a segment runs through, in order.
    fn along(&self, segment: [Xy; 2]) -> Vec<Xy> {
        let mut window = Bounds::NOTHING;
        for [x, y] in segment {
            window.add(x, y);
        }
        let mut found = Vec::new();
        self.tree.search(&self.middles, &window.expand(0.5), |index| {
            let [middle, _] = self.middles.segment(index);
            if runs_through(segment, middle) {
                found.push(middle);
            }
        });
        // A segment leaves a cell to one of two sides only, so one sum orders the cells.
        let [p, q] = segment;
        let sign = |axis: usize| if q[axis] >= p[axis] { 1.0 } else { -1.0 };
        let along = |at: &Xy| sign(0) * at[0] + sign(1) * at[1];
        found.sort_by(|a, b| along(a).total_cmp(&along(b)));
        found
    }
}

/// Returns whether a segment runs through the cell around a position; the left and the lower
/// border belong to the cell.
fn runs_through(segment: [Xy; 2], [x, y]: Xy) -> bool {
    let [p, q] = if segment[0][0] <= segment[1][0] { segment } else { [segment[1], segment[0]] };
    let (left, right, bottom, top) = (x - 0.5, x + 0.5, y - 0.5, y + 0.5);
    if p[0] >= right || q[0] < left || p[1].min(q[1]) >= top || p[1].max(q[1]) < bottom {
        return false;
    }
    if p[0] == q[0] || p[1] == q[1] {
        return true;
    }
    let is_rising = p[1] < q[1];
    let side = |corner: Xy| orient(p, q, corner);
    let upper_left = side([left, top]);
    if upper_left == 0 {
        return !is_rising;
    }
    let upper_right = side([right, top]);
    if upper_right == 0 {
        return is_rising;
    }
    if upper_left != upper_right {
        return true;
    }
    let lower_left = side([left, bottom]);
    if lower_left == 0 || lower_left != upper_left {
        return true;
    }
    let lower_right = side([right, bottom]);
    if lower_right == 0 {
        return !is_rising;
    }
    lower_left != lower_right || lower_right != upper_right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_up() {
        let grid = Grid::new(2.0).unwrap();
        assert_eq!(grid.round([9.0, -1.0]), [10.0, 0.0]);
        assert_eq!(Grid::new(0.1).unwrap().round([0.26, 0.24]), [0.3, 0.2]);
        assert!(Grid::new(0.0).is_none());
        assert!(Grid::new(f64::NAN).is_none());
    }

    #[test]
    fn segments_bend_to_hot_cells() {
        let paths = [vec![[0.0, 0.0], [10.0, 1.0]], vec![[5.0, 0.7], [5.0, 9.0]]];
        let rounded = snap_rounded(&paths, Grid::new(1.0).unwrap()).unwrap();
        assert_eq!(rounded[0], [[0.0, 0.0], [5.0, 1.0], [10.0, 1.0]]);
        assert_eq!(rounded[1], [[5.0, 1.0], [5.0, 9.0]]);
    }
}
