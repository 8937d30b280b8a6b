//! Cuts paths in every position where they meet, so that they meet at vertices only.

use std::ops::ControlFlow;

use super::grid::{Grid, snap_rounded};
use crate::GeometryError;
use crate::interrupt::{is_over, is_over_after, is_over_now};
use crate::planar::{
    EdgeTree, Role, Shape, Xy, closest_on_segment, crossing_point, distance_squared, on_segment,
    orient, perpendicular_squared,
};

/// How often rounded crossings are looked at again before everything is put on a grid.
const MAX_ROUNDS: usize = 12;
/// Bits of the grid that is used then, relative to the largest coordinate.
const GRID_BITS: i32 = 44;
/// The number of positions in which segments may be cut, two for most crossings, beside one for
/// each vertex. With the graph of the pieces each takes some 250 bytes, so that as many take 2 GB.
const MAX_CUTS: usize = 8_000_000;

/// Returns paths with a vertex wherever they meet themselves or each other.
///
/// A crossing is rounded to the nearest coordinate, which moves the paths a little and may make
/// them meet anew, so this is repeated. The vertices there are stay as they are. Paths that cross
/// too often are refused.
pub(crate) fn node(paths: Vec<Vec<Xy>>) -> Result<Vec<Vec<Xy>>, GeometryError> {
    let mut paths = paths;
    for _ in 0..MAX_ROUNDS {
        let cuts = cuts(&paths, 0.0, MAX_CUTS)?;
        if cuts.is_empty() || is_over_now() {
            return Ok(paths);
        }
        paths = insert(&paths, cuts);
    }
    let largest =
        paths.iter().flatten().flatten().fold(0.0f64, |most, value| most.max(value.abs()));
    let exponent = largest.log2().ceil();
    let size = 2f64.powf((exponent - f64::from(GRID_BITS)).max(-1000.0));
    match Grid::new(size) {
        Some(grid) => snap_rounded(&paths, grid),
        None => Ok(paths),
    }
}

/// A position inside of a segment: the path, the segment in it, and where.
type Cut = (usize, usize, Xy);

/// Returns paths with a vertex where they meet, and where a vertex of another path is closer than
/// a distance; what rounding does to them is not looked at.
pub(super) fn node_once(paths: &[Vec<Xy>], nearness: f64) -> Result<Vec<Vec<Xy>>, GeometryError> {
    Ok(insert(paths, cuts(paths, nearness, MAX_CUTS)?))
}

/// Returns the positions where segments meet, for each segment that has no vertex there; an error
/// where there are many more of them than vertices.
fn cuts(paths: &[Vec<Xy>], nearness: f64, more: usize) -> Result<Vec<Cut>, GeometryError> {
    let mut shape = Shape::default();
    let mut owners: Vec<(usize, usize)> = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        let start = shape.coords.len();
        shape.add_path(path.iter().copied(), Role::Line, 0);
        owners.extend((0..shape.coords.len() - start).map(|index| (number, index)));
    }
    let most = more.saturating_add(shape.coords.len());
    let tree = EdgeTree::new(&shape);
    let mut cuts: Vec<Cut> = Vec::new();
    let cut = |cuts: &mut Vec<Cut>, segment: usize, at: Xy| {
        let (path, index) = owners[segment];
        cuts.push((path, index, at));
    };
    let _ = EdgeTree::pairs((&shape, &tree), (&shape, &tree), &mut |first, second| {
        if first >= second {
            return ControlFlow::Continue(());
        }
        let (a, b) = (shape.segment(first), shape.segment(second));
        let mut is_cut = false;
        for at in meetings(a, b).into_iter().flatten() {
            for (segment, edge) in [(first, a), (second, b)] {
                if !edge.contains(&at) {
                    cut(&mut cuts, segment, at);
                    is_cut = true;
                }
            }
        }
        if nearness > 0.0 && !is_cut {
            for (segment, edge, ends) in [(first, a, b), (second, b, a)] {
                ends.into_iter().filter(|at| is_near(*at, edge, nearness)).for_each(|at| {
                    cut(&mut cuts, segment, at);
                });
            }
        }
        if cuts.len() > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if cuts.len() > most { Err(GeometryError::TooComplex) } else { Ok(cuts) }
}

/// Returns whether a position is close to a segment and not to its ends.
fn is_near(at: Xy, edge: [Xy; 2], nearness: f64) -> bool {
    let limit = nearness * nearness;
    edge.iter().all(|end| distance_squared(at, *end) >= limit)
        && perpendicular_squared(at, closest_on_segment(at, edge), edge) < limit
}

/// Returns the positions in which two segments meet, at most two of them.
fn meetings(a: [Xy; 2], b: [Xy; 2]) -> [Option<Xy>; 2] {
    let (b0, b1) = (orient(a[0], a[1], b[0]), orient(a[0], a[1], b[1]));
    if b0 * b1 > 0 {
        return [None; 2];
    }
    let (a0, a1) = (orient(b[0], b[1], a[0]), orient(b[0], b[1], a[1]));
    if a0 * a1 > 0 {
        return [None; 2];
    }
    if b0 * b1 < 0 && a0 * a1 < 0 {
        return [Some(crossing_point(a, b)), None];
    }
    let mut found = [None; 2];
    for (side, at, edge) in [(b0, b[0], a), (b1, b[1], a), (a0, a[0], b), (a1, a[1], b)] {
        if side == 0 && !found.contains(&Some(at)) && on_segment(at, edge) {
            match found {
                [None, _] => found[0] = Some(at),
                [_, None] => found[1] = Some(at),
                _ => {}
            }
        }
    }
    found
}

/// Returns the paths with vertices added.
fn insert(paths: &[Vec<Xy>], mut cuts: Vec<Cut>) -> Vec<Vec<Xy>> {
    cuts.sort_by_key(|cut| {
        is_over();
        (cut.0, cut.1)
    });
    let mut result = Vec::with_capacity(paths.len());
    let mut rest = cuts.as_slice();
    for (number, path) in paths.iter().enumerate() {
        if is_over_after(path.len()) {
            break;
        }
        let mut extended = Vec::with_capacity(path.len());
        for (index, at) in path.iter().enumerate() {
            extended.push(*at);
            let count = rest.iter().take_while(|cut| (cut.0, cut.1) == (number, index)).count();
            if count > 0 {
                let (here, after) = rest.split_at(count);
                rest = after;
                let mut stops: Vec<Xy> = here.iter().map(|cut| cut.2).collect();
                sort_along(&mut stops, [*at, path.get(index + 1).copied().unwrap_or(*at)]);
                for stop in stops {
                    if extended.last() != Some(&stop) {
                        extended.push(stop);
                    }
                }
            }
        }
        result.push(extended);
    }
    result
}

/// Sorts positions along a segment and removes repeated ones.
fn sort_along(positions: &mut Vec<Xy>, [from, to]: [Xy; 2]) {
    let along =
        |at: &Xy| (at[0] - from[0]) * (to[0] - from[0]) + (at[1] - from[1]) * (to[1] - from[1]);
    let axis = usize::from((to[1] - from[1]).abs() > (to[0] - from[0]).abs());
    let sign = if to[axis] >= from[axis] { 1.0 } else { -1.0 };
    positions.sort_by(|a, b| {
        (sign * a[axis]).total_cmp(&(sign * b[axis])).then(along(a).total_cmp(&along(b)))
    });
    positions.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_cross_too_often_are_refused() {
        let upright = (0..40).map(f64::from).map(|at| vec![[at, -1.0], [at, 40.0]]);
        let level = (0..40).map(f64::from).map(|at| vec![[-1.0, at], [40.0, at]]);
        let grid: Vec<Vec<Xy>> = upright.chain(level).collect();
        let count = |more: usize| cuts(&grid, 0.0, more).map(|cuts| cuts.len());
        assert_eq!(count(3200), Ok(3200));
        assert_eq!(count(3000), Err(GeometryError::TooComplex));
    }
}
