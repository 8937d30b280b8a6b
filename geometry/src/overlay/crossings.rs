//! A bound on the work of one overlay, which nothing can end once it runs.
//!
//! Its time and memory grow with the number of places where segments are cut. They are counted on
//! a sample of the segments: where millions of cuts are, a part of them is found as surely, and
//! large areas that cross rarely are let through at little cost.

use i_overlay::core::solver::Strategy;
use i_overlay::i_float::int::point::IntPoint;

use crate::planar::{EdgeTree, Path, Role, Shape, Xy, orient};
use crate::{Bounds, GeometryError, interrupt};

/// The number of times that segments may cut each other in one overlay, beside one for each.
///
/// Each takes up to 350 bytes, so that as many take 0.35 GB, and on one core 1 to 4 microseconds,
/// which makes some seconds. Where nearly all of them are in one place each is compared with many:
/// those of the longest diagonals of a polygon with 1,401 corners took 11 seconds.
const MAX_CUTS: usize = 1_000_000;

/// The number of pairs of segments whose boxes may meet where the plane is divided into columns:
/// few of them meet within one.
const MAX_PAIRS: usize = 2_000_000_000;

/// The number of pairs of segments whose boxes may meet where each of them is looked at, which
/// takes some nanoseconds.
const MAX_PAIRS_OF_TREE: usize = 500_000_000;

/// The number of segments that may be compared with all that are in the same strip of 32: a
/// thirtieth of all pairs, for some nanoseconds each.
const MAX_IN_TREE: usize = 250_000;

/// The number of pieces of segments that may lie in the columns of the plane. A piece has 72
/// bytes, so that as many take 1.2 GB.
const MAX_PIECES: f64 = 16_000_000.0;

/// As many segments are less than [`MAX_CUTS`] pairs.
const FEW: usize = 1_400;

/// More segments than this are divided into columns.
const MANY: usize = 32_000;

/// The least number of segments that are sampled.
const SAMPLE: usize = 128;

/// Of as many segments one is sampled at least.
const STRIDE: usize = 64;

/// Returns how to find where the segments of closed contours cut each other, unless they do so too
/// often for one overlay.
pub(crate) fn strategy(contours: &[Vec<IntPoint<i64>>]) -> Result<Strategy, GeometryError> {
    let count = contours.iter().map(Vec::len).sum::<usize>();
    if count <= FEW {
        return Ok(Strategy::Auto);
    }
    let mut shape = Shape::default();
    for contour in contours {
        shape.add_path(contour.iter().map(|at| [at.x as f64, at.y as f64]), Role::Shell, 0);
    }
    if let Some(strategy) = strategy_of(&shape)? {
        return Ok(strategy);
    }
    // An overlay begins by making one of equal segments.
    let distinct = distinct(&shape);
    if segment_count(&distinct) == segment_count(&shape) {
        return Err(GeometryError::TooComplex);
    }
    strategy_of(&distinct)?.ok_or(GeometryError::TooComplex)
}

fn segment_count(shape: &Shape) -> usize {
    shape.paths.iter().map(|path| path.segments().len()).sum()
}

/// Returns how to find where segments cut each other; nothing where that is too often.
fn strategy_of(shape: &Shape) -> Result<Option<Strategy>, GeometryError> {
    let count = segment_count(shape);
    if count <= FEW {
        return Ok(Some(Strategy::Auto));
    }
    let tree = EdgeTree::new(shape);
    let in_columns = |all: Bounds| pieces(shape, &all, count) <= MAX_PIECES;
    let (strategy, max_pairs) = if count <= MANY || tree.bounds().is_none_or(in_columns) {
        (Strategy::Auto, MAX_PAIRS)
    } else if count <= MAX_IN_TREE {
        // Without columns, pieces take no memory.
        (Strategy::Tree, MAX_PAIRS_OF_TREE)
    } else {
        return Ok(None);
    };
    let stride = (count / SAMPLE).clamp(1, STRIDE);
    let (mut pairs, mut cuts) = (0usize, 0usize);
    let mut random = 1u32;
    for start in (0..shape.coords.len()).step_by(stride) {
        // At equal distances, all of them may be in the short arcs between long strokes.
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let segment = start + usize::try_from(random >> 16).unwrap_or(0) % stride;
        if segment >= shape.coords.len() || segment + 1 >= shape.path_of(segment).end {
            continue;
        }
        if interrupt::is_over() {
            return Err(GeometryError::Interrupted);
        }
        let edge = shape.segment(segment);
        let mut bounds = Bounds::NOTHING;
        for [x, y] in edge {
            bounds.add(x, y);
        }
        tree.search(shape, &bounds, |other| {
            pairs += 1;
            cuts += usize::from(is_cut(edge, shape.segment(other)));
        });
        // Each pair is met from both sides.
        let all = |sampled: usize| sampled.saturating_mul(stride) / 2;
        if all(cuts) > MAX_CUTS + count || all(pairs) > max_pairs {
            return Ok(None);
        }
    }
    Ok(Some(strategy))
}

/// Returns the number of pieces of segments in all columns of the plane, of which there are about
/// as many as the root of the number of segments.
fn pieces(shape: &Shape, all: &Bounds, count: usize) -> f64 {
    let column = (all.width().log2().floor() - f64::from(count.ilog2() / 2)).exp2();
    if column == 0.0 {
        return 0.0;
    }
    let columns = |[from, to]: [Xy; 2]| 1.0 + (to[0] - from[0]).abs() / column;
    let segments = shape.paths.iter().flat_map(Path::segments);
    segments.map(|segment| columns(shape.segment(segment))).sum()
}

/// Returns whether one of two segments is cut where the other meets it.
fn is_cut([a, b]: [Xy; 2], [c, d]: [Xy; 2]) -> bool {
    let (at_c, at_d) = (orient(a, b, c), orient(a, b, d));
    if at_c * at_d > 0 {
        return false;
    }
    let (at_a, at_b) = (orient(c, d, a), orient(c, d, b));
    if at_a * at_b > 0 {
        return false;
    }
    if [at_a, at_b, at_c, at_d] == [0; 4] {
        let axis = usize::from((b[1] - a[1]).abs() > (b[0] - a[0]).abs());
        let start = a[axis].min(b[axis]).max(c[axis].min(d[axis]));
        let end = a[axis].max(b[axis]).min(c[axis].max(d[axis]));
        return start < end && [a, b] != [c, d] && [b, a] != [c, d];
    }
    // Where both end, neither is cut.
    at_c * at_d < 0 || at_a * at_b < 0
}

/// Returns the segments of a shape, each once, as paths of their own.
fn distinct(shape: &Shape) -> Shape {
    let order = |a: &Xy, b: &Xy| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]));
    let mut edges: Vec<[Xy; 2]> = shape
        .paths
        .iter()
        .flat_map(Path::segments)
        .map(|segment| shape.segment(segment))
        .map(|[from, to]| if order(&from, &to).is_gt() { [to, from] } else { [from, to] })
        .collect();
    edges.sort_unstable_by(|[a, b], [c, d]| {
        interrupt::is_over();
        order(a, c).then_with(|| order(b, d))
    });
    edges.dedup();
    let mut distinct = Shape::default();
    for [from, to] in edges {
        distinct.add_edge(from, to, Role::Line);
    }
    distinct
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    type Contour = Vec<IntPoint<i64>>;

    const TOO_COMPLEX: Result<Strategy, GeometryError> = Err(GeometryError::TooComplex);

    #[expect(clippy::cast_possible_truncation, reason = "positions are near the origin")]
    fn contour(positions: impl IntoIterator<Item = [f64; 2]>) -> Contour {
        let on_grid = |value: f64| (value * 1e12).round() as i64;
        positions.into_iter().map(|[x, y]| IntPoint::new(on_grid(x), on_grid(y))).collect()
    }

    fn rectangle([x, y]: [f64; 2], [width, height]: [f64; 2]) -> Contour {
        contour([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
    }

    /// Strokes up and down over the same place, each of which crosses all others.
    fn zigzag(count: u32, x: f64) -> Contour {
        contour((0..count).map(|index| {
            let along = f64::from(index) / f64::from(count);
            if index % 2 == 0 { [x + along, 0.0] } else { [x + 1.0 - along, 1.0] }
        }))
    }

    /// A ring with bays in bays that does not cross itself.
    fn coastline(count: u32) -> Contour {
        contour((0..count).map(|index| {
            let turn = f64::from(index) / f64::from(count) * std::f64::consts::TAU;
            let waves = [1.0f64, 31.0, 977.0, 30_011.0];
            let bays: f64 = waves.iter().map(|wave| (turn * wave).sin() / wave.sqrt()).sum();
            let distance = 1000.0 + 10.0 * bays;
            [distance * turn.cos(), distance * turn.sin()]
        }))
    }

    #[test]
    fn crossings_beyond_the_limit_are_refused() {
        // Each has a third of a million.
        let zigzags = |count: u32| -> Vec<Contour> {
            (0..count).map(|number| zigzag(800, f64::from(2 * number))).collect()
        };
        assert_eq!(strategy(&zigzags(2)), Ok(Strategy::Auto));
        assert_eq!(strategy(&zigzags(5)), TOO_COMPLEX);
        assert_eq!(strategy(&[zigzag(4000, 0.0)]), TOO_COMPLEX);
    }

    #[test]
    fn a_long_coastline_passes_unless_there_is_a_knot_in_it() {
        let coastline = coastline(200_000);
        assert_eq!(strategy(std::slice::from_ref(&coastline)), Ok(Strategy::Auto));
        assert_eq!(strategy(&[coastline, zigzag(4000, 2000.0)]), TOO_COMPLEX);
    }

    #[test]
    fn many_areas_apart_pass() {
        let place = |index: u32| [index * 7919 % 50_000, index % 224].map(f64::from);
        let squares = (0..50_000).map(|index| rectangle(place(index), [0.5, 0.5]));
        assert_eq!(strategy(&squares.collect::<Vec<Contour>>()), Ok(Strategy::Auto));
    }

    #[test]
    fn equal_areas_are_one() {
        let squares = [0.0, 0.5].map(|at| rectangle([at, at], [1.0, 1.0]));
        let many: Vec<Contour> = squares.iter().cycle().take(20_000).cloned().collect();
        assert_eq!(strategy(&many), Ok(Strategy::Auto));
    }

    #[test]
    fn many_long_strokes_are_not_cut_into_columns() {
        let strokes = (0..50_000i32).map(|index| rectangle([0.0, f64::from(index)], [5e4, 0.5]));
        assert_eq!(strategy(&strokes.collect::<Vec<Contour>>()), Ok(Strategy::Tree));
        let strokes = (0..70_000i32).map(|index| rectangle([0.0, f64::from(index)], [5e4, 0.5]));
        assert_eq!(strategy(&strokes.collect::<Vec<Contour>>()), TOO_COMPLEX);
        let slanted = (0..50_000i32).map(f64::from).map(|y| {
            let end = y + 5e4;
            contour([[0.0, y], [5e4, end], [5e4, end + 0.5], [0.0, y + 0.5]])
        });
        assert_eq!(strategy(&slanted.collect::<Vec<Contour>>()), TOO_COMPLEX);
    }

    #[test]
    fn counting_ends_when_nobody_waits() {
        let many: Vec<Contour> = (0..50).map(|_| zigzag(1000, 0.0)).collect();
        assert_eq!(strategy(&many), Ok(Strategy::Auto));
        let over: interrupt::IsOver = Arc::new(|| true);
        let answer = interrupt::interruptible(&over, || strategy(&many));
        assert_eq!(answer, Err(GeometryError::Interrupted));
    }

    #[test]
    fn ends_that_meet_cut_nothing() {
        let edge = [[0.0, 0.0], [4.0, 4.0]];
        for (other, expected) in [
            ([[0.0, 4.0], [4.0, 0.0]], true),
            ([[2.0, 2.0], [4.0, 0.0]], true),
            ([[4.0, 0.0], [2.0, 2.0]], true),
            ([[4.0, 4.0], [4.0, 0.0]], false),
            ([[4.0, 4.0], [5.0, 5.0]], false),
            ([[4.0, 4.0], [0.0, 0.0]], false),
            ([[1.0, 1.0], [4.0, 4.0]], true),
            ([[3.0, 3.0], [9.0, 9.0]], true),
            ([[0.0, 1.0], [4.0, 5.0]], false),
        ] {
            assert_eq!(is_cut(edge, other), expected, "{other:?}");
            assert_eq!(is_cut(other, edge), expected, "{other:?}");
        }
    }
}
