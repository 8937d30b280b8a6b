//! A tree of boxes over the segments of a shape.

use std::ops::ControlFlow;

use super::{Shape, Xy, closest_on_segment, perpendicular_squared, segment_distance};
use crate::Bounds;
use crate::interrupt::is_over;

/// Segments in a leaf, and children of a node.
const FANOUT: usize = 8;

/// From this number of paths on, leaves are sorted: neighbours in the list are no longer
/// neighbours in the plane.
const SORTED_PATHS: usize = 16;

/// A tree of boxes over the segments of a shape.
///
/// Consecutive segments of a path are close to each other, so a leaf is a run of them.
#[derive(Debug)]
pub(crate) struct EdgeTree {
    leaves: Vec<(usize, usize)>,
    /// The boxes of the leaves, then of every level above.
    levels: Vec<Vec<Bounds>>,
}

impl EdgeTree {
    /// Returns the tree over all segments.
    pub(crate) fn new(shape: &Shape) -> Self {
        let mut leaves: Vec<(usize, usize, Bounds)> = Vec::new();
        for path in &shape.paths {
            let segments = path.segments();
            for first in segments.clone().step_by(FANOUT) {
                let end = (first + FANOUT).min(segments.end);
                let mut bounds = Bounds::NOTHING;
                for [x, y] in &shape.coords[first..=end] {
                    bounds.add(*x, *y);
                }
                leaves.push((first, end, bounds));
            }
        }
        if shape.paths.len() > SORTED_PATHS {
            sort_tiles(&mut leaves);
        }
        let boxes = leaves.iter().map(|(_, _, bounds)| *bounds).collect();
        let mut levels: Vec<Vec<Bounds>> = vec![boxes];
        while let Some(below) = levels.last().filter(|below| below.len() > 1) {
            let above = below
                .chunks(FANOUT)
                .map(|chunk| chunk.iter().fold(Bounds::NOTHING, |sum, next| sum.merge(next)))
                .collect();
            levels.push(above);
        }
        let leaves = leaves.into_iter().map(|(first, end, _)| (first, end)).collect();
        Self { leaves, levels }
    }

    /// Returns the box around all segments.
    pub(crate) fn bounds(&self) -> Option<Bounds> {
        self.levels.last()?.first().copied()
    }

    /// Visits the segments whose boxes may meet a box.
    pub(crate) fn search(&self, shape: &Shape, window: &Bounds, mut visit: impl FnMut(usize)) {
        self.descend(self.levels.len() - 1, 0, &|bounds| bounds.intersects(window), &mut |leaf| {
            for segment in leaf {
                if segment_bounds(shape.segment(segment)).intersects(window) {
                    visit(segment);
                }
            }
        });
    }

    /// Visits the segments that may meet the ray from a position to the right.
    pub(crate) fn to_the_right(&self, shape: &Shape, p: Xy, mut visit: impl FnMut(usize)) {
        let meets =
            |bounds: &Bounds| bounds.ymin <= p[1] && p[1] <= bounds.ymax && p[0] <= bounds.xmax;
        self.descend(self.levels.len() - 1, 0, &meets, &mut |leaf| {
            for segment in leaf {
                if meets(&segment_bounds(shape.segment(segment))) {
                    visit(segment);
                }
            }
        });
    }

    /// Visits the pairs of segments of a shape whose boxes meet, the first of a pair before the
    /// second in the shape, until told to stop.
    pub(crate) fn own_pairs(
        &self,
        shape: &Shape,
        visit: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let in_order = shape.paths.len() <= SORTED_PATHS;
        let is_turned = |level: usize, index: usize, other_level: usize, other_index: usize| {
            // Both cover runs of leaves, and all of the first one's come after the second one's.
            in_order
                && index.saturating_mul(FANOUT.pow(u32::try_from(level).unwrap_or(0)))
                    >= (other_index + 1)
                        .saturating_mul(FANOUT.pow(u32::try_from(other_level).unwrap_or(0)))
        };
        Self::pairs_but((shape, self), (shape, self), &is_turned, &mut |first, second| {
            if first < second { visit(first, second) } else { ControlFlow::Continue(()) }
        })
    }

    /// Visits the pairs of segments of two shapes whose boxes meet, until told to stop.
    pub(crate) fn pairs(
        shape: (&Shape, &Self),
        other: (&Shape, &Self),
        visit: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        Self::pairs_but(shape, other, &|_, _, _, _| false, visit)
    }

    /// Visits pairs of segments, except for nodes that are to be left out: each given by its
    /// level and its index there.
    fn pairs_but(
        (shape, tree): (&Shape, &Self),
        (other_shape, other): (&Shape, &Self),
        is_left_out: &impl Fn(usize, usize, usize, usize) -> bool,
        visit: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut stack = vec![(tree.levels.len() - 1, 0, other.levels.len() - 1, 0)];
        while let Some((level, index, other_level, other_index)) = stack.pop() {
            if is_over() {
                return ControlFlow::Break(());
            }
            let (Some(bounds), Some(other_bounds)) =
                (tree.levels[level].get(index), other.levels[other_level].get(other_index))
            else {
                continue;
            };
            if !bounds.intersects(other_bounds)
                || is_left_out(level, index, other_level, other_index)
            {
                continue;
            }
            if level == 0 && other_level == 0 {
                let (start, end) = tree.leaves[index];
                let (other_start, other_end) = other.leaves[other_index];
                for segment in start..end {
                    let bounds = segment_bounds(shape.segment(segment));
                    if !bounds.intersects(other_bounds) {
                        continue;
                    }
                    for other_segment in other_start..other_end {
                        let edge = other_shape.segment(other_segment);
                        if bounds.intersects(&segment_bounds(edge)) {
                            visit(segment, other_segment)?;
                        }
                    }
                }
            } else if level >= other_level {
                for child in children(index) {
                    stack.push((level - 1, child, other_level, other_index));
                }
            } else {
                for child in children(other_index) {
                    stack.push((level, index, other_level - 1, child));
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Returns the closest positions of two shapes' segments, if they are closer than the square
    /// of a distance; stops once they are no further apart than `enough`, squared.
    pub(crate) fn closest(
        (shape, tree): (&Shape, &Self),
        (other_shape, other): (&Shape, &Self),
        limit: f64,
        enough: f64,
    ) -> Option<(f64, [Xy; 2])> {
        let mut best: Option<(f64, [Xy; 2])> = None;
        let mut stack = vec![(0.0, tree.levels.len() - 1, 0, other.levels.len() - 1, 0)];
        let mut order = Vec::with_capacity(FANOUT);
        while let Some((gap, level, index, other_level, other_index)) = stack.pop() {
            let within = best.map_or(limit, |(distance, _)| distance);
            if gap >= within {
                continue;
            }
            if is_over() {
                break;
            }
            if level == 0 && other_level == 0 {
                let (start, end) = tree.leaves.get(index).copied().unwrap_or_default();
                let (other_start, other_end) =
                    other.leaves.get(other_index).copied().unwrap_or_default();
                for segment in start..end {
                    let edge = shape.segment(segment);
                    for other_segment in other_start..other_end {
                        let found = segment_distance(edge, other_shape.segment(other_segment));
                        if found.0 < best.map_or(limit, |(distance, _)| distance) {
                            best = Some(found);
                            if found.0 <= enough {
                                return best;
                            }
                        }
                    }
                }
                continue;
            }
            order.clear();
            let (descend, node) =
                if level >= other_level { (true, index) } else { (false, other_index) };
            for child in children(node) {
                let next = if descend {
                    (level - 1, child, other_level, other_index)
                } else {
                    (level, index, other_level - 1, child)
                };
                if let (Some(a), Some(b)) =
                    (tree.levels[next.0].get(next.1), other.levels[next.2].get(next.3))
                {
                    order.push((box_gap(a, b), next.0, next.1, next.2, next.3));
                }
            }
            // The nearest child is pushed last and so visited first.
            order.sort_by(|a, b| b.0.total_cmp(&a.0));
            stack.append(&mut order);
        }
        best
    }

    /// Returns the square of the distance from a position to the closest segment; infinite when
    /// there is no segment.
    pub(crate) fn nearest(&self, shape: &Shape, p: Xy) -> f64 {
        let mut best = f64::INFINITY;
        self.approach(p, best, |segment, _| {
            let edge = shape.segment(segment);
            let closest = closest_on_segment(p, edge);
            best = best.min(perpendicular_squared(p, closest, edge));
            best
        });
        best
    }

    /// Visits the segments that may be closer to a position than a limit, squared, the closest
    /// boxes first. The visitor is given the limit and returns the new one.
    pub(crate) fn approach(&self, p: Xy, mut limit: f64, mut visit: impl FnMut(usize, f64) -> f64) {
        let at = Bounds::point(p[0], p[1]);
        let mut stack = vec![(0.0, self.levels.len() - 1, 0)];
        let mut order = Vec::with_capacity(FANOUT);
        while let Some((gap, level, index)) = stack.pop() {
            if gap >= limit {
                continue;
            }
            if is_over() {
                break;
            }
            if level == 0 {
                let (start, end) = self.leaves.get(index).copied().unwrap_or_default();
                for segment in start..end {
                    limit = visit(segment, limit);
                }
                continue;
            }
            order.clear();
            for child in children(index) {
                if let Some(bounds) = self.levels[level - 1].get(child) {
                    order.push((box_gap(&at, bounds), level - 1, child));
                }
            }
            order.sort_by(|a, b| b.0.total_cmp(&a.0));
            stack.append(&mut order);
        }
    }

    fn descend(
        &self,
        level: usize,
        index: usize,
        meets: &dyn Fn(&Bounds) -> bool,
        visit: &mut dyn FnMut(std::ops::Range<usize>),
    ) {
        let Some(bounds) = self.levels[level].get(index) else { return };
        if !meets(bounds) || is_over() {
            return;
        }
        if level == 0 {
            let (start, end) = self.leaves[index];
            visit(start..end);
            return;
        }
        for child in children(index) {
            self.descend(level - 1, child, meets, visit);
        }
    }
}

/// Returns the square of the gap between two boxes.
pub(crate) fn box_gap(a: &Bounds, b: &Bounds) -> f64 {
    let dx = (b.xmin - a.xmax).max(a.xmin - b.xmax).max(0.0);
    let dy = (b.ymin - a.ymax).max(a.ymin - b.ymax).max(0.0);
    dx * dx + dy * dy
}

fn children(index: usize) -> std::ops::Range<usize> {
    index * FANOUT..(index + 1) * FANOUT
}

#[inline]
fn segment_bounds([a, b]: [Xy; 2]) -> Bounds {
    Bounds::new(a[0].min(b[0]), a[1].min(b[1]), a[0].max(b[0]), a[1].max(b[1]))
}

/// Sorts leaves into vertical slices and, within each, from bottom to top.
fn sort_tiles(leaves: &mut [(usize, usize, Bounds)]) {
    let tiles = leaves.len().div_ceil(FANOUT);
    let slice = (tiles.isqrt() + 1) * FANOUT;
    leaves.sort_by(|a, b| a.2.centre()[0].total_cmp(&b.2.centre()[0]));
    for chunk in leaves.chunks_mut(slice) {
        chunk.sort_by(|a, b| a.2.centre()[1].total_cmp(&b.2.centre()[1]));
    }
}
