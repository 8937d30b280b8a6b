//! Measures in space: points, lines, and polygons as flat surfaces.
//!
//! A geometry without heights may lie at any height, so that with one of them the measures are
//! those of the plane.

mod area;
mod body;
mod nearest;
mod plane;
mod vector;

pub use area::{area_3d, volume};
use body::{Part, parts};
use nearest::nearest;
pub(crate) use vector::{Xyz, along, distance_squared, dot, subtract};

use super::{distance, dwithin, max_distance};
use crate::{Coord, Dimension, Geometry, Kind, Layout, Sequence, curve, interrupt, write};

/// Returns the smallest distance between two geometries; nothing when one of them is empty or has
/// an ordinate that is not finite.
pub fn distance_3d(a: Geometry<'_>, b: Geometry<'_>) -> Option<f64> {
    if is_flat(a) || is_flat(b) {
        return distance(a, b);
    }
    nearest(&parts(a), &parts(b), 0.0).map(|nearest| nearest.squared.sqrt())
}

/// Returns whether two geometries are no further apart than a distance.
pub fn dwithin_3d(a: Geometry<'_>, b: Geometry<'_>, limit: f64) -> bool {
    if is_flat(a) || is_flat(b) {
        return dwithin(a, b, limit);
    }
    let nearest = nearest(&parts(a), &parts(b), limit * limit);
    nearest.is_some_and(|nearest| nearest.squared.sqrt() <= limit)
}

/// Returns the shortest line from the first geometry to the second.
pub fn shortest_line_3d(a: Geometry<'_>, b: Geometry<'_>) -> Option<Vec<u8>> {
    if is_flat(a) && is_flat(b) {
        return super::shortest_line(a, b);
    }
    closest(a, b).map(line)
}

/// Returns the point of the first geometry that is closest to the second.
pub fn closest_point_3d(a: Geometry<'_>, b: Geometry<'_>) -> Option<Vec<u8>> {
    if is_flat(a) && is_flat(b) {
        return super::closest_point(a, b);
    }
    let [[x, y, z], _] = closest(a, b)?;
    Some(write::point(Coord::xyz(x, y, z), Dimension::Xyz))
}

/// Returns the largest distance between a vertex of one geometry and one of the other.
pub fn max_distance_3d(a: Geometry<'_>, b: Geometry<'_>) -> Option<f64> {
    if is_flat(a) || is_flat(b) {
        return max_distance(a, b);
    }
    farthest(&parts(a), &parts(b)).map(|[p, q]| distance_squared(p, q).sqrt())
}

/// Returns the longest line from a vertex of the first geometry to one of the second.
///
/// Of a geometry without heights, the vertex is taken that is farthest in the plane, at the lowest
/// or the greatest height of the other one, as in `PostGIS`.
pub fn longest_line_3d(a: Geometry<'_>, b: Geometry<'_>) -> Option<Vec<u8>> {
    match (is_flat(a), is_flat(b)) {
        (true, true) => super::longest_line(a, b),
        (true, false) => farthest(&pole(a, b)?, &parts(b)).map(line),
        (false, true) => farthest(&parts(a), &pole(b, a)?).map(line),
        (false, false) => farthest(&parts(a), &parts(b)).map(line),
    }
}

/// Returns the length of all lines; arcs are measured in the plane.
pub fn length_3d(geometry: Geometry<'_>) -> f64 {
    if !geometry.is_basic() {
        return curve::length_3d(geometry);
    }
    super::sum_of(geometry, Kind::LineString, |line| line.line().map_or(0.0, path_length_3d))
}

/// Returns the length of all rings of areas; rings with arcs are measured in the plane.
pub fn perimeter_3d(geometry: Geometry<'_>) -> f64 {
    match (geometry.kind(), geometry.kind().layout()) {
        (Kind::CurvePolygon, _) => geometry
            .parts()
            .map(|ring| ring.line().map_or_else(|| curve::length(ring), path_length_3d))
            .sum(),
        (_, Layout::Rings) => geometry.rings().map(path_length_3d).sum(),
        _ => geometry.parts().map(perimeter_3d).sum(),
    }
}

fn is_flat(geometry: Geometry<'_>) -> bool {
    !geometry.dimension().has_z()
}

/// Returns the line straight up at the vertex of a geometry without heights that is farthest from
/// another one, between the heights of that one.
fn pole(flat: Geometry<'_>, other: Geometry<'_>) -> Option<Vec<Part>> {
    let longest = super::longest_line(flat, other)?;
    let [x, y] = Geometry::try_new(&longest).ok()?.line()?.xy(0);
    let [lowest, highest] = heights(other);
    Some(vec![Part::Path(vec![[x, y, lowest], [x, y, highest]])])
}

/// Returns the closest positions of two geometries of which one at least has heights.
fn closest(a: Geometry<'_>, b: Geometry<'_>) -> Option<[Xyz; 2]> {
    let (first, second) = match (is_flat(a), is_flat(b)) {
        (true, _) => (upright(&super::closest_point(a, b)?, b)?, parts(b)),
        (_, true) => (parts(a), upright(&super::closest_point(b, a)?, a)?),
        _ => (parts(a), parts(b)),
    };
    let [mut from, mut to] = nearest(&first, &second, 0.0)?.ends;
    // What may lie at any height lies at that of the other end.
    if is_flat(a) {
        from[2] = to[2];
    } else if is_flat(b) {
        to[2] = from[2];
    }
    Some([from, to])
}

/// Returns the line straight up through a point, a little longer than another geometry is high: no
/// position of that is closest to more of it.
fn upright(point: &[u8], other: Geometry<'_>) -> Option<Vec<Part>> {
    let [x, y] = Geometry::try_new(point).ok()?.point_xy()?;
    let [lowest, highest] = heights(other);
    Some(vec![Part::Path(vec![[x, y, lowest - 1.0], [x, y, highest + 1.0]])])
}

/// Returns the smallest and the greatest height of a geometry.
fn heights(geometry: Geometry<'_>) -> [f64; 2] {
    let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
    geometry.coords(|coord| {
        lowest = lowest.min(coord.z);
        highest = highest.max(coord.z);
    });
    [lowest, highest]
}

fn farthest(a: &[Part], b: &[Part]) -> Option<[Xyz; 2]> {
    let mut ends: Vec<Xyz> = Vec::new();
    for part in b {
        part.vertices(|at| ends.push(at));
    }
    let mut best: Option<(f64, [Xyz; 2])> = None;
    for part in a {
        part.vertices(|from| {
            if interrupt::is_over_after(ends.len()) {
                return;
            }
            for to in &ends {
                let squared = distance_squared(from, *to);
                if best.is_none_or(|(most, _)| squared > most) {
                    best = Some((squared, [from, *to]));
                }
            }
        });
    }
    best.map(|(_, ends)| ends)
}

fn line(ends: [Xyz; 2]) -> Vec<u8> {
    write::line_string(ends.map(|[x, y, z]| Coord::xyz(x, y, z)), Dimension::Xyz)
}

pub(crate) fn path_length_3d(path: Sequence<'_>) -> f64 {
    let has_z = path.dimension().has_z();
    let mut previous: Option<Coord> = None;
    let mut sum = 0.0;
    for next in path {
        if let Some(before) = previous {
            let rise = if has_z { next.z - before.z } else { 0.0 };
            sum += distance_squared([next.x, next.y, rise], [before.x, before.y, 0.0]).sqrt();
        }
        previous = Some(next);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn between<T>(measure: fn(Geometry<'_>, Geometry<'_>) -> T, a: &str, b: &str) -> T {
        let (a, b) = (wkt::parse(a).unwrap().0, wkt::parse(b).unwrap().0);
        measure(Geometry::try_new(&a).unwrap(), Geometry::try_new(&b).unwrap())
    }

    fn text(wkb: Option<Vec<u8>>) -> Option<String> {
        wkb.map(|wkb| wkt::format(Geometry::try_new(&wkb).unwrap(), 15))
    }

    #[test]
    fn distances_of_all_kinds_in_space() {
        let square = "POLYGON Z ((0 0 1,9 0 1,9 9 1,0 9 1,0 0 1),(3 3 1,6 3 1,6 6 1,3 6 1,3 3 1))";
        let wall = "POLYGON Z ((0 0 0,0 9 0,0 9 9,0 0 9,0 0 0))";
        for (a, b, expected) in [
            ("POINT Z (0 0 0)", "POINT Z (1 2 2)", Some(3.0)),
            ("POINT Z (1 1 5)", square, Some(4.0)),
            ("POINT Z (4 4 1)", square, Some(1.0)),
            ("POINT Z (4.5 4 1)", square, Some(1.0)),
            ("LINESTRING Z (1 1 0,2 2 9)", square, Some(0.0)),
            ("LINESTRING Z (4 4 0,5 5 9)", square, Some(8200_f64.sqrt() / 82.0)),
            ("LINESTRING Z (1 1 3,8 8 4)", square, Some(2.0)),
            ("LINESTRING Z (2 0 5,2 9 5)", wall, Some(2.0)),
            ("LINESTRING Z (-1 1 1,1 1 1)", wall, Some(0.0)),
            (square, wall, Some(0.0)),
            ("POLYGON Z ((2 2 4,8 2 4,8 8 4,2 2 4))", square, Some(3.0)),
            ("LINESTRING Z (0 0 0,9 0 0)", "LINESTRING Z (4 -5 3,4 5 3)", Some(3.0)),
            ("LINESTRING Z (0 0 0,9 0 0)", "LINESTRING Z (0 0 2,9 0 2)", Some(2.0)),
            ("POINT(0 0)", "POINT Z (3 4 99)", Some(5.0)),
            ("POINT Z EMPTY", "POINT Z (3 4 99)", None),
        ] {
            for (a, b) in [(a, b), (b, a)] {
                let found = between(distance_3d, a, b);
                let is_close = match (found, expected) {
                    (Some(found), Some(expected)) => (found - expected).abs() < 1e-12,
                    (found, expected) => found == expected,
                };
                assert!(is_close, "{a} {b}: {found:?}");
            }
        }
    }

    #[test]
    fn lines_between_geometries_in_space() {
        let (low, high) = ("POINT Z (1 1 0)", "LINESTRING Z (0 0 4,2 2 4)");
        let shortest = Some("LINESTRING Z (1 1 0,1 1 4)".to_owned());
        assert_eq!(text(between(shortest_line_3d, low, high)), shortest);
        let longest = Some("LINESTRING Z (1 1 0,0 0 4)".to_owned());
        assert_eq!(text(between(longest_line_3d, low, high)), longest);
        let lifted = Some("LINESTRING Z (0 0 4,9 9 4)".to_owned());
        assert_eq!(text(between(longest_line_3d, high, "POINT(9 9)")), lifted);
        let point = Some("POINT Z (1 1 4)".to_owned());
        assert_eq!(text(between(closest_point_3d, high, low)), point);
        assert_eq!(text(between(closest_point_3d, high, "POINT(1 1)")), point);
        assert_eq!(between(max_distance_3d, low, "POINT Z (3 3 1)"), Some(3.0));
    }

    #[test]
    fn heights_count_for_lengths() {
        let length = |text: &str| {
            let (wkb, _) = wkt::parse(text).unwrap();
            let geometry = Geometry::try_new(&wkb).unwrap();
            (length_3d(geometry), perimeter_3d(geometry))
        };
        assert_eq!(length("LINESTRING Z (0 0 0,2 2 1,2 2 0)"), (4.0, 0.0));
        assert_eq!(length("LINESTRING(0 0,3 4)"), (5.0, 0.0));
        assert_eq!(length("POLYGON Z ((0 0 0,3 0 4,0 0 8,0 0 0))"), (0.0, 18.0));
    }
}
