//! Which rings of a shape are shells and which are holes in them.
//!
//! Shells run clockwise and holes the other way; a hole belongs to the smallest shell around it.

use godwit_geometry::Coord;

/// Returns the polygons of the rings of a shape, each with its shell first.
///
/// Where no ring runs clockwise all are shells, and so is a hole outside of all shells, as some
/// software writes them.
pub(super) fn grouped(rings: Vec<Vec<Coord>>) -> Vec<Vec<Vec<Coord>>> {
    if rings.len() < 2 {
        return rings.into_iter().map(|ring| vec![ring]).collect();
    }
    let areas: Vec<f64> = rings.iter().map(|ring| signed_area(ring)).collect();
    let is_shell = |area: f64| area <= 0.0;
    if !areas.iter().any(|area| is_shell(*area)) {
        return rings.into_iter().map(|ring| vec![ring]).collect();
    }
    let mut polygons: Vec<Vec<Vec<Coord>>> = Vec::new();
    let mut sizes: Vec<f64> = Vec::new();
    let mut holes = Vec::new();
    for (ring, area) in rings.into_iter().zip(areas) {
        if is_shell(area) {
            polygons.push(vec![ring]);
            sizes.push(area.abs());
        } else {
            holes.push(ring);
        }
    }
    let shell_count = polygons.len();
    for hole in holes {
        let home =
            if shell_count == 1 { Some(0) } else { smallest_around(&hole, &polygons, &sizes) };
        match home.and_then(|index| polygons.get_mut(index)) {
            Some(polygon) => polygon.push(hole),
            None => polygons.push(vec![hole]),
        }
    }
    polygons
}

fn smallest_around(hole: &[Coord], polygons: &[Vec<Vec<Coord>>], sizes: &[f64]) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for (index, (polygon, size)) in polygons.iter().zip(sizes).enumerate() {
        let is_smaller = best.is_none_or(|(least, _)| *size < least);
        if is_smaller && polygon.first().is_some_and(|shell| surrounds(shell, hole)) {
            best = Some((*size, index));
        }
    }
    best.map(|(_, index)| index)
}

/// Returns whether a ring lies in another one; positions on the border do not tell.
fn surrounds(shell: &[Coord], hole: &[Coord]) -> bool {
    hole.iter().find_map(|at| is_inside(shell, *at)).unwrap_or(true)
}

/// Returns whether a position lies in a ring, nothing when it lies on it.
fn is_inside(ring: &[Coord], at: Coord) -> Option<bool> {
    let mut inside = false;
    for pair in ring.windows(2) {
        let [from, to] = pair else { continue };
        let turn = (to.x - from.x) * (at.y - from.y) - (to.y - from.y) * (at.x - from.x);
        let is_between = at.x >= from.x.min(to.x)
            && at.x <= from.x.max(to.x)
            && at.y >= from.y.min(to.y)
            && at.y <= from.y.max(to.y);
        if turn == 0.0 && is_between {
            return None;
        }
        if (from.y > at.y) != (to.y > at.y) && (turn > 0.0) == (to.y > from.y) {
            inside = !inside;
        }
    }
    Some(inside)
}

/// Returns the area of a ring, below 0 when it runs clockwise.
fn signed_area(ring: &[Coord]) -> f64 {
    let Some(origin) = ring.first() else { return 0.0 };
    let cross = |pair: &[Coord]| match pair {
        [a, b] => (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y),
        _ => 0.0,
    };
    ring.windows(2).map(cross).sum::<f64>() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, size: f64, is_clockwise: bool) -> Vec<Coord> {
        let mut ring = vec![
            Coord::xy(x, y),
            Coord::xy(x, y + size),
            Coord::xy(x + size, y + size),
            Coord::xy(x + size, y),
            Coord::xy(x, y),
        ];
        if !is_clockwise {
            ring.reverse();
        }
        ring
    }

    fn shape(rings: Vec<Vec<Coord>>) -> Vec<usize> {
        grouped(rings).iter().map(Vec::len).collect()
    }

    #[test]
    fn holes_find_their_shells() {
        let (outer, island) = (square(0.0, 0.0, 9.0, true), square(3.0, 3.0, 3.0, true));
        let (lake, pond) = (square(2.0, 2.0, 5.0, false), square(4.0, 4.0, 1.0, false));
        assert_eq!(shape(vec![pond.clone(), outer.clone(), lake, island.clone()]), [2, 2]);
        // A hole that touches its shell in a corner.
        assert_eq!(shape(vec![outer.clone(), island, square(0.0, 0.0, 1.0, false)]), [2, 1]);
        assert_eq!(
            shape(vec![outer, square(20.0, 0.0, 1.0, true), square(40.0, 0.0, 1.0, false)]),
            [1, 1, 1]
        );
        assert_eq!(shape(vec![pond, square(20.0, 0.0, 1.0, false)]), [1, 1]);
    }
}
