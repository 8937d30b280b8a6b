//! The edges of lines and rings, as the positions they lead through.

use crate::{Bounds, Sequence};

/// An edge as `[x0, y0, x1, y1]`.
pub(super) type Edge = [f64; 4];

/// The edges of lines and rings: each leads from one position to the next of the same path.
#[derive(Debug, Default)]
pub(super) struct Paths {
    positions: Vec<[f64; 2]>,
    /// Where each path ends: the place behind its last position.
    ends: Vec<usize>,
}

impl Paths {
    /// Adds a line or ring; returns whether it has a length and is finite.
    ///
    /// A ring that does not end where it starts is closed.
    pub(super) fn add(&mut self, sequence: Sequence<'_>, close: bool) -> bool {
        let start = self.positions.len();
        self.positions.reserve(sequence.len() + usize::from(close));
        let mut is_finite = true;
        let positions = &mut self.positions;
        let mut add = |position: [f64; 2]| {
            // An edge of no length leads nowhere.
            if positions.len() == start || positions.last() != Some(&position) {
                positions.push(position);
            }
        };
        sequence.for_each_xy(|x, y| {
            is_finite &= x.is_finite() && y.is_finite();
            add([x, y]);
        });
        if close {
            add(sequence.xy(0));
        }
        let has_length = self.positions.len() > start + 1;
        if has_length {
            self.ends.push(self.positions.len());
        } else {
            self.positions.truncate(start);
        }
        is_finite && has_length
    }

    /// Turns the path that was added last around if it does not go around its area as wanted:
    /// with the area on its left, or on its right.
    pub(super) fn turn_last(&mut self, area_is_left: bool) {
        let [.., end] = *self.ends else { return };
        let start = self.ends.len().checked_sub(2).and_then(|last| self.ends.get(last).copied());
        let Some(path) = self.positions.get_mut(start.unwrap_or(0)..end) else { return };
        let Some([x, y]) = path.first().copied() else { return };
        let doubled = path.windows(2).map(|pair| match pair {
            [[x0, y0], [x1, y1]] => (x0 - x) * (y1 - y) - (x1 - x) * (y0 - y),
            _ => 0.0,
        });
        if (doubled.sum::<f64>() > 0.0) != area_is_left {
            path.reverse();
        }
    }

    /// Returns the box around all positions.
    pub(super) fn bounds(&self) -> Bounds {
        let mut bounds = Bounds::NOTHING;
        for [x, y] in &self.positions {
            bounds.add(*x, *y);
        }
        bounds
    }

    /// Returns the number of edges.
    pub(super) fn edge_count(&self) -> usize {
        self.positions.len() - self.ends.len()
    }

    /// Returns the edges, each with the place of its first position.
    pub(super) fn edges(&self) -> impl Iterator<Item = (u32, Edge)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).flat_map(|(start, end)| {
            let path = self.positions.get(start..*end).unwrap_or_default();
            (start..).zip(path.windows(2)).filter_map(|(place, pair)| {
                let [[x0, y0], [x1, y1]] = *pair else { return None };
                Some((u32::try_from(place).ok()?, [x0, y0, x1, y1]))
            })
        })
    }

    /// Returns the positions of all paths.
    pub(super) fn into_positions(self) -> Box<[[f64; 2]]> {
        self.positions.into()
    }
}
