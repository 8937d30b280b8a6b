//! Parts of a geometry cut at the border of a tile.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{ContourDirection, IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::{Precision, Solver};
use i_overlay::i_float::int::point::IntPoint;

use super::parts::{At, Place};
use crate::GeometryError;
use crate::interrupt::is_over_now;
use crate::overlay::overlay_strategy;

/// A box on the grid, borders included: the smallest and the largest position.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) low: At,
    pub(super) high: At,
}

impl Window {
    /// Returns whether a position lies in the box.
    pub(super) fn contains(&self, at: At) -> bool {
        (0..2).all(|axis| self.low[axis] <= at[axis] && at[axis] <= self.high[axis])
    }

    fn is_apart_from(&self, ring: &[At]) -> bool {
        (0..2).any(|axis| {
            ring.iter().all(|at| at[axis] < self.low[axis])
                || ring.iter().all(|at| at[axis] > self.high[axis])
        })
    }
}

/// Returns the pieces of a line that lie in the box. Where it is cut, no height or measure is known.
pub(super) fn clip_line(line: &[Place], window: &Window) -> Vec<Vec<Place>> {
    if line.iter().all(|place| window.contains(place.at)) {
        return vec![line.to_vec()];
    }
    let mut pieces: Vec<Vec<Place>> = Vec::new();
    let mut is_open = false;
    for (start, end) in line.iter().zip(line.iter().skip(1)) {
        let Some([from, to]) = clip_segment(start.at, end.at, window) else {
            is_open = false;
            continue;
        };
        let continues = is_open && from == start.at;
        let (from, to) = (cut(start, from), cut(end, to));
        match pieces.last_mut() {
            Some(piece) if continues => push(piece, to),
            _ => {
                let mut piece = vec![from];
                push(&mut piece, to);
                pieces.push(piece);
            }
        }
        is_open = to.at == end.at;
    }
    pieces.retain(|piece| piece.len() >= 2);
    pieces
}

/// Returns an end of a segment, or where it is cut instead.
fn cut(end: &Place, at: At) -> Place {
    if at == end.at { *end } else { Place { at, z: f64::NAN, m: f64::NAN } }
}

fn push(piece: &mut Vec<Place>, place: Place) {
    if piece.last().is_none_or(|last| last.at != place.at) {
        piece.push(place);
    }
}

/// Returns the part of a segment that lies in the box, rounded to the grid.
#[expect(clippy::cast_possible_truncation, reason = "the position lies in the box")]
fn clip_segment(start: At, end: At, window: &Window) -> Option<[At; 2]> {
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        let delta = (end[axis] - start[axis]) as f64;
        let to_low = (window.low[axis] - start[axis]) as f64;
        let to_high = (window.high[axis] - start[axis]) as f64;
        if delta == 0.0 {
            if to_low > 0.0 || to_high < 0.0 {
                return None;
            }
            continue;
        }
        let (enter, leave) = (to_low / delta, to_high / delta);
        first = first.max(enter.min(leave));
        last = last.min(enter.max(leave));
    }
    if first > last {
        return None;
    }
    let at = |share: f64| {
        let along = |axis: usize| {
            let delta = (end[axis] - start[axis]) as f64;
            (start[axis] as f64 + share * delta).round_ties_even() as i64
        };
        [along(0), along(1)]
    };
    let from = if first == 0.0 { start } else { at(first) };
    let to = if last == 1.0 { end } else { at(last) };
    Some([from, to])
}

/// How much finer than the grid crossings are computed.
const FINE: i64 = 1 << 12;

/// How often rings are rounded to the grid before crossings are forced onto it.
const ROUNDS: usize = 3;

/// Returns the valid polygons of the area that the rings of a polygon enclose an odd number of
/// times, cut at the border of the box if there is one.
///
/// Exterior rings have a positive area on the grid.
pub(super) fn clip_polygon(
    rings: &[Vec<At>],
    window: Option<&Window>,
) -> Result<Vec<Vec<Vec<At>>>, GeometryError> {
    if let (Some(window), Some(exterior)) = (window, rings.first())
        && window.is_apart_from(exterior)
    {
        return Ok(Vec::new());
    }
    let mut polygons = enclosed(rings.iter(), window, FillRule::EvenOdd, FINE)?;
    for _ in 0..ROUNDS {
        let is_on_grid = |at: &At| at.iter().all(|ordinate| ordinate % FINE == 0);
        let all_on_grid = polygons.iter().flatten().flatten().all(is_on_grid);
        for at in polygons.iter_mut().flatten().flatten() {
            *at = at.map(|ordinate| (ordinate + FINE / 2).div_euclid(FINE));
        }
        if all_on_grid {
            return Ok(polygons);
        }
        // Rounding may make rings touch or cross, so they are resolved again.
        polygons = enclosed(polygons.iter().flatten(), None, FillRule::Positive, FINE)?;
    }
    for at in polygons.iter_mut().flatten().flatten() {
        *at = at.map(|ordinate| (ordinate + FINE / 2).div_euclid(FINE));
    }
    enclosed(polygons.iter().flatten(), None, FillRule::Positive, 1)
}

/// Returns the polygons that rings enclose, in units that are finer than the grid.
fn enclosed<'r>(
    rings: impl Iterator<Item = &'r Vec<At>>,
    window: Option<&Window>,
    fill: FillRule,
    scale: i64,
) -> Result<Vec<Vec<Vec<At>>>, GeometryError> {
    let options = IntOverlayOptions {
        preserve_input_collinear: false,
        output_direction: ContourDirection::CounterClockwise,
        preserve_output_collinear: false,
        min_output_area: Default::default(),
        ogc: true,
    };
    let point = |[x, y]: At| IntPoint::new(x * scale, y * scale);
    let contours: Vec<Vec<IntPoint<i64>>> =
        rings.map(|ring| ring.iter().skip(1).map(|at| point(*at)).collect()).collect();
    let strategy = overlay_strategy(&contours)?;
    // What follows cannot be left.
    if is_over_now() {
        return Err(GeometryError::Interrupted);
    }
    let solver = Solver::with_strategy_and_precision(strategy, Precision::HIGH);
    let mut overlay: Overlay<i64> = Overlay::new_custom(16, options, solver);
    for contour in &contours {
        overlay.add_contour(contour, ShapeType::Subject);
    }
    let mut rule = OverlayRule::Subject;
    if let Some(Window { low, high }) = window {
        let corners = [*low, [high[0], low[1]], *high, [low[0], high[1]]];
        overlay.add_contour(&corners.map(point), ShapeType::Clip);
        rule = OverlayRule::Intersect;
    }
    let shapes = overlay.overlay(rule, fill);
    let close = |contour: Vec<IntPoint<i64>>| {
        let mut ring: Vec<At> = contour.iter().map(|point| [point.x, point.y]).collect();
        ring.extend(ring.first().copied());
        ring
    };
    Ok(shapes.into_iter().map(|shape| shape.into_iter().map(close).collect()).collect())
}
