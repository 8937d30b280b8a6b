//! Edges that nearly lie on one line are cut where the others end.
//!
//! Edges along one line that is not parallel to an axis differ by the rounding of their ends.
//! Each pair of them then crosses somewhere, cuts at rounded positions bend them, and they cross
//! again: the work of an overlay would grow without bound. Cut where the ends of the others are,
//! the pieces are equal, and equal pieces do not cross.

use std::collections::HashMap;

use i_overlay::i_float::int::point::IntPoint;

use crate::GeometryError;
use crate::interrupt::is_over_after;

/// Fewer edges are left as they are: they cannot cross often.
const MIN_EDGES: usize = 64;
/// As many edges along one line are worth being cut.
const MIN_ALIGNED: usize = 12;
/// Bits of the length of the grid in which directions and distances from the origin are compared.
const ALIKE_BITS: i32 = 28;
/// The number of pieces that edges may be cut into, 16 bytes each: 0.4 GB with those of the overlay,
/// which makes one of equal pieces.
const MAX_CUTS: usize = 4_000_000;
/// How far off its line, in units of the grid, an end may be.
const NEARNESS: f64 = 1024.0;

/// Any odd number of many digits, to make one number of the three of a line.
const MIXER: i64 = 0x1e37_79b9_7f4a_7c15;

/// A line by whether it is steep, its slope and where it starts, both roughly.
type Line = (bool, i64, i64);

/// A closed contour on the grid.
pub(super) type Contour = Vec<IntPoint<i64>>;

/// Cuts edges of the contours that nearly lie on one line, if many do; not into too many pieces.
pub(super) fn cut(contours: &mut [Contour]) -> Result<(), GeometryError> {
    if contours.iter().map(Vec::len).sum::<usize>() < MIN_EDGES || !may_be_aligned(contours) {
        return Ok(());
    }
    let mut aligned: Vec<(Line, [IntPoint<i64>; 2])> = contours
        .iter()
        .flat_map(edges)
        .filter_map(|edge| line_of(edge).map(|line| (line, edge)))
        .collect();
    aligned.sort_unstable_by_key(|(line, _)| *line);
    let ends: HashMap<Line, Vec<IntPoint<i64>>> = aligned
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|edges| edges.len() >= MIN_ALIGNED)
        .filter_map(|edges| {
            let (line, _) = *edges.first()?;
            let mut ends: Vec<IntPoint<i64>> = edges.iter().flat_map(|(_, edge)| *edge).collect();
            ends.sort_unstable_by_key(|end| along(line.0, *end));
            ends.dedup();
            Some((line, ends))
        })
        .collect();
    if ends.is_empty() {
        return Ok(());
    }
    let mut cuts = 0;
    for contour in contours {
        let mut cut = Contour::with_capacity(contour.len());
        for edge in edges(contour) {
            cut.push(edge[0]);
            if let Some(line) = line_of(edge) {
                let between = ends_between(edge, line, &ends);
                cuts += between.len();
                if cuts > MAX_CUTS {
                    return Err(GeometryError::TooComplex);
                }
                is_over_after(between.len());
                cut.extend(between);
            }
        }
        *contour = cut;
    }
    Ok(())
}

/// Returns whether many edges may lie along one line; false only if they certainly do not.
fn may_be_aligned(contours: &[Contour]) -> bool {
    // Sorting single numbers is all that most rings cost here.
    let mix = |(is_steep, slope, start): Line| {
        slope.wrapping_mul(MIXER).wrapping_add(start).wrapping_mul(MIXER) ^ i64::from(is_steep)
    };
    let mut lines: Vec<i64> =
        contours.iter().flat_map(edges).filter_map(line_of).map(mix).collect();
    lines.sort_unstable();
    lines.windows(MIN_ALIGNED).any(|alike| alike.first() == alike.last())
}

fn edges(contour: &Contour) -> impl Iterator<Item = [IntPoint<i64>; 2]> + '_ {
    let next = contour.iter().cycle().skip(1);
    contour.iter().zip(next).map(|(from, to)| [*from, *to])
}

/// Returns the line of an edge; nothing for those along an axis, which lie on it exactly.
#[expect(clippy::cast_possible_truncation, reason = "of values much smaller than the type")]
fn line_of([from, to]: [IntPoint<i64>; 2]) -> Option<Line> {
    let (dx, dy) = (to.x as f64 - from.x as f64, to.y as f64 - from.y as f64);
    if dx == 0.0 || dy == 0.0 {
        return None;
    }
    let is_steep = dy.abs() > dx.abs();
    let (slope, start) = if is_steep {
        (dx / dy, from.x as f64 - from.y as f64 * (dx / dy))
    } else {
        (dy / dx, from.y as f64 - from.x as f64 * (dy / dx))
    };
    let rough = 2f64.powi(super::area::GRID_BITS - ALIKE_BITS);
    Some((is_steep, (slope * 2f64.powi(ALIKE_BITS)).round() as i64, (start / rough).round() as i64))
}

fn along(is_steep: bool, at: IntPoint<i64>) -> i64 {
    if is_steep { at.y } else { at.x }
}

/// Returns, in the direction of an edge, the ends that are between its own and nearly on it.
fn ends_between(
    [from, to]: [IntPoint<i64>; 2],
    (is_steep, slope, start): Line,
    ends: &HashMap<Line, Vec<IntPoint<i64>>>,
) -> Vec<IntPoint<i64>> {
    let (first, last) = (along(is_steep, from), along(is_steep, to));
    let (low, high) = (first.min(last), first.max(last));
    let (dx, dy) = (to.x as f64 - from.x as f64, to.y as f64 - from.y as f64);
    let is_near = |end: &&IntPoint<i64>| {
        let (x, y) = (end.x as f64 - from.x as f64, end.y as f64 - from.y as f64);
        (dx * y - dy * x).abs() <= NEARNESS * dx.hypot(dy)
    };
    let mut between = Vec::new();
    // What is alike may be rounded differently.
    for alike in (slope - 1..=slope + 1)
        .flat_map(|slope| (start - 1..=start + 1).map(move |start| (slope, start)))
    {
        let Some(ends) = ends.get(&(is_steep, alike.0, alike.1)) else { continue };
        let after = ends.partition_point(|end| along(is_steep, *end) <= low);
        let until = ends.partition_point(|end| along(is_steep, *end) < high);
        between.extend(ends.get(after..until).unwrap_or_default().iter().filter(is_near));
    }
    between.sort_unstable_by_key(|end| along(is_steep, *end));
    between.dedup();
    if first > last {
        between.reverse();
    }
    between
}
