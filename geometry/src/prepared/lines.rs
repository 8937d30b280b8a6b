//! Prepared lines.

use super::grid::{EdgeGrid, Inside};
use super::paths::Paths;
use crate::planar::Location;
use crate::{Geometry, Kind, Relation};

/// Prepared lines.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) grid: EdgeGrid,
    /// The positions where an odd number of lines end: the boundary.
    ends: Box<[[f64; 2]]>,
}

impl Lines {
    /// Returns the prepared lines, or nothing when they have no length everywhere.
    pub(super) fn new(geometry: Geometry<'_>) -> Option<Self> {
        let mut paths = Paths::default();
        let mut ends = Vec::new();
        let mut is_regular = true;
        geometry.sequences(&mut |_, line| {
            is_regular &= paths.add(line, false);
            if let (Some(first), Some(last)) = (line.first(), line.last()) {
                ends.push([first.x, first.y]);
                ends.push([last.x, last.y]);
            }
        });
        if !is_regular {
            return None;
        }
        let grid = EdgeGrid::new(paths, Inside::Nothing, 0)?;
        Some(Self { grid, ends: odd(ends).into() })
    }

    pub(super) fn locate(&self, x: f64, y: f64) -> Location {
        // Zeros of both signs are the same position.
        if self.ends.contains(&[x, y]) {
            return Location::Boundary;
        }
        if self.grid.is_on_edge(x, y) { Location::Interior } else { Location::Exterior }
    }

    /// Returns whether the relation holds with lines or areas, if that is quickly said.
    pub(super) fn decide(&self, relation: Relation, other: Geometry<'_>) -> Option<bool> {
        let wanted = match relation {
            Relation::Intersects => true,
            Relation::Disjoint => false,
            _ => return None,
        };
        if !matches!(other.kind(), Kind::LineString | Kind::MultiLineString) {
            return None;
        }
        Some(super::area::edges_meet(&self.grid, other)? == wanted)
    }

    pub(super) fn memory_size(&self) -> usize {
        self.grid.memory_size() + size_of_val(&*self.ends)
    }
}

/// Returns the positions that occur an odd number of times.
fn odd(mut positions: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    // Adding zero turns the negative zero into the positive one, so that equal ones sort together.
    let key = |[x, y]: &[f64; 2]| [x + 0.0, y + 0.0];
    positions.sort_by(|a, b| {
        let ([ax, ay], [bx, by]) = (key(a), key(b));
        ax.total_cmp(&bx).then(ay.total_cmp(&by))
    });
    let runs = positions.chunk_by(|a, b| a == b);
    runs.filter(|run| run.len() % 2 == 1).filter_map(|run| run.first().copied()).collect()
}
