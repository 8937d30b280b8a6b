//! Boolean operations on areas, on an integer grid finer than the coordinates.

use std::collections::HashMap;

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{ContourDirection, IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::{Precision, Solver};
use i_overlay::i_float::int::point::IntPoint;

use super::aligned::{self, Contour};
use super::crossings;
use crate::planar::Xy;
use crate::{GeometryError, interrupt};

/// Bits of the largest coordinate on the grid; a coordinate has 53, so all coordinates down to
/// one in 128 of the largest are on the grid exactly.
pub(super) const GRID_BITS: i32 = 60;

/// A polygon: closed rings, the exterior first and clockwise, holes anticlockwise.
pub(crate) type Rings = Vec<Vec<Xy>>;

/// Rings to be combined.
pub(crate) struct AreaOverlay {
    overlay: Overlay<i64>,
    contours: [Vec<Contour>; 2],
    scale: f64,
    /// Vertices that are not exactly on the grid, by their position on it.
    moved: HashMap<[i64; 2], Xy>,
}

impl AreaOverlay {
    /// Returns an overlay for coordinates of at most some size.
    pub(crate) fn new(largest: f64, capacity: usize) -> Self {
        let options = IntOverlayOptions {
            preserve_input_collinear: true,
            output_direction: ContourDirection::Clockwise,
            preserve_output_collinear: true,
            min_output_area: Default::default(),
            ogc: true,
        };
        Self {
            overlay: Overlay::new_custom(capacity, options, Solver::AUTO),
            contours: [Vec::new(), Vec::new()],
            scale: scale(largest),
            moved: HashMap::new(),
        }
    }

    /// Returns an overlay with room for rings.
    pub(crate) fn of<'r>(rings: impl Iterator<Item = &'r [Xy]>) -> Self {
        let (mut largest, mut capacity) = (0.0f64, 0);
        for ring in rings {
            capacity += ring.len();
            for [x, y] in ring {
                largest = largest.max(x.abs()).max(y.abs());
            }
        }
        Self::new(largest, capacity)
    }

    /// Adds a closed ring to the first area.
    pub(crate) fn add_subject(&mut self, ring: &[Xy]) {
        self.add(ring, 0);
    }

    /// Adds a closed ring to the second area.
    pub(crate) fn add_clip(&mut self, ring: &[Xy]) {
        self.add(ring, 1);
    }

    /// Returns the polygons of the combined area, unless rings cross too often.
    pub(crate) fn run(
        &mut self,
        rule: OverlayRule,
        fill: FillRule,
    ) -> Result<Vec<Rings>, GeometryError> {
        let [mut contours, clip] = std::mem::take(&mut self.contours);
        let subject_count = contours.len();
        contours.extend(clip);
        aligned::cut(&mut contours)?;
        let strategy = crossings::strategy(&contours)?;
        self.overlay.solver = Solver::with_strategy_and_precision(strategy, Precision::HIGH);
        // What follows cannot be left.
        if interrupt::is_over_now() {
            return Err(GeometryError::Interrupted);
        }
        for (index, contour) in contours.iter().enumerate() {
            let kind = if index < subject_count { ShapeType::Subject } else { ShapeType::Clip };
            self.overlay.add_contour(contour, kind);
        }
        let shapes = self.overlay.overlay(rule, fill);
        if interrupt::is_over_now() {
            return Err(GeometryError::Interrupted);
        }
        Ok(shapes.into_iter().filter_map(|shape| self.polygon(&shape)).collect())
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the scale keeps the product below two to the sixtieth"
    )]
    fn add(&mut self, ring: &[Xy], side: usize) {
        let open = match ring {
            [rest @ .., last] if rest.first() == Some(last) => rest,
            _ => ring,
        };
        let mut path = Vec::with_capacity(open.len());
        for at in open {
            let [x, y] = at.map(|value| (value * self.scale).round() as i64);
            if [x as f64 / self.scale, y as f64 / self.scale] != *at {
                self.moved.entry([x, y]).or_insert(*at);
            }
            path.push(IntPoint::new(x, y));
        }
        if let Some(contours) = self.contours.get_mut(side) {
            contours.push(path);
        }
    }

    fn polygon(&self, shape: &[Vec<IntPoint<i64>>]) -> Option<Rings> {
        let mut rings = Rings::with_capacity(shape.len());
        for contour in shape {
            let mut ring: Vec<Xy> = Vec::with_capacity(contour.len() + 1);
            for point in contour {
                let at = self.position(point);
                if ring.last() != Some(&at) {
                    ring.push(at);
                }
            }
            while ring.len() > 1 && ring.last() == ring.first() {
                ring.pop();
            }
            // Rounding to coordinates may close slivers.
            if ring.len() >= 3 {
                rotate_to_lowest(&mut ring);
                ring.extend(ring.first().copied());
                rings.push(ring);
            } else if rings.is_empty() {
                return None;
            }
        }
        (!rings.is_empty()).then_some(rings)
    }

    fn position(&self, point: &IntPoint<i64>) -> Xy {
        if let Some(at) = self.moved.get(&[point.x, point.y]) {
            return *at;
        }
        [point.x as f64 / self.scale, point.y as f64 / self.scale]
    }
}

impl std::fmt::Debug for AreaOverlay {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("AreaOverlay").field("scale", &self.scale).finish_non_exhaustive()
    }
}

/// Returns the power of two that maps coordinates of at most some size to the grid.
fn scale(largest: f64) -> f64 {
    let mut exponent = 0;
    if largest > 0.0 && largest.is_finite() {
        // The exponent of a subnormal is too large, which only wastes bits.
        let biased = (largest.to_bits() >> 52) & 0x7ff;
        exponent = i32::try_from(biased).unwrap_or(1023) - 1022;
    }
    2f64.powi((GRID_BITS - exponent).clamp(-1000, 1000))
}

/// Makes a ring start at its leftmost, then lowest position, so that equal areas look alike.
fn rotate_to_lowest(ring: &mut [Xy]) {
    let order = |a: &Xy, b: &Xy| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]));
    let lowest = ring.iter().enumerate().min_by(|a, b| order(a.1, b.1)).map_or(0, |(i, _)| i);
    ring.rotate_left(lowest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, size: f64) -> Vec<Xy> {
        vec![[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    }

    #[test]
    fn untouched_vertices_keep_their_bits() {
        let (a, b) = (square(0.1, 0.3, 0.7), square(0.5, 0.5, 200.0));
        let mut overlay = AreaOverlay::of([a.as_slice(), b.as_slice()].into_iter());
        overlay.add_subject(&a);
        overlay.add_clip(&b);
        let result = overlay.run(OverlayRule::Union, FillRule::NonZero).unwrap();
        assert_eq!(result.len(), 1);
        for corner in [a[0], a[1], a[3], b[1], b[2], b[3]] {
            assert!(result[0][0].contains(&corner), "{corner:?} is in {:?}", result[0][0]);
        }
    }

    #[test]
    fn only_positive_turns_are_kept_when_asked() {
        let ring = square(0.0, 0.0, 1.0);
        let reversed: Vec<Xy> = ring.iter().rev().copied().collect();
        for (ring, expected) in [(ring, 1), (reversed, 0)] {
            let mut overlay = AreaOverlay::of(std::iter::once(ring.as_slice()));
            overlay.add_subject(&ring);
            let result = overlay.run(OverlayRule::Subject, FillRule::Positive).unwrap();
            assert_eq!(result.len(), expected);
        }
    }

    #[test]
    fn sizes_from_tiny_to_huge_fit_the_grid() {
        for size in [1e-300, 1e-9, 1.0, 1e9, 1e300] {
            let ring = square(size, size, size);
            let mut overlay = AreaOverlay::of(std::iter::once(ring.as_slice()));
            overlay.add_subject(&ring);
            let result = overlay.run(OverlayRule::Subject, FillRule::NonZero).unwrap();
            assert_eq!(result.len(), 1, "{size}");
            assert_eq!(result[0][0].len(), 5, "{size}");
        }
    }
}
