//! Planar measures: area, length, distance, direction. Heights and measures are ignored.

mod clearance;
mod direction;
mod distance;
mod extreme;
mod frechet;
mod fully;
mod near;
pub mod space;
mod target;
mod trajectory;

pub use clearance::{minimum_clearance, minimum_clearance_line};
pub use direction::{angle, azimuth, crossing_direction};
pub use distance::{closest_point, distance, dwithin, shortest_line};
pub use extreme::{hausdorff_distance, longest_line, max_distance};
pub use frechet::frechet_distance;
pub use fully::fully_within;
pub use target::Target;
pub use trajectory::{Approach, closest_approach, is_trajectory};

use crate::{Geometry, Kind, Sequence, curve};

/// Returns the area of all polygons.
#[inline]
pub fn area(geometry: Geometry<'_>) -> f64 {
    sum_of(geometry, Kind::Polygon, polygon_area)
}

/// Returns the length of all lines and arcs.
pub fn length(geometry: Geometry<'_>) -> f64 {
    match geometry.line() {
        Some(line) => path_length(line),
        None if geometry.is_basic() => {
            sum_of(geometry, Kind::LineString, |line| line.line().map_or(0.0, path_length))
        }
        None => curve::length(geometry),
    }
}

/// Returns the length of all rings of polygons and of areas with arcs.
pub fn perimeter(geometry: Geometry<'_>) -> f64 {
    if !geometry.is_basic() {
        return curve::perimeter(geometry);
    }
    sum_of(geometry, Kind::Polygon, |polygon| polygon.rings().map(path_length).sum())
}

/// Returns the sum of a measure over all parts of a kind, at any depth.
#[inline]
fn sum_of(geometry: Geometry<'_>, kind: Kind, measure: impl Fn(Geometry<'_>) -> f64) -> f64 {
    if geometry.kind() == kind { measure(geometry) } else { sum_of_parts(geometry, kind, &measure) }
}

fn sum_of_parts(geometry: Geometry<'_>, kind: Kind, measure: &dyn Fn(Geometry<'_>) -> f64) -> f64 {
    let has_members =
        geometry.kind() == kind.multi() || geometry.kind() == Kind::GeometryCollection;
    if !has_members {
        return 0.0;
    }
    geometry.parts().map(|part| sum_of(part, kind, measure)).sum()
}

#[inline]
fn polygon_area(polygon: Geometry<'_>) -> f64 {
    let mut rings = polygon.rings().map(|ring| ring_area(ring).abs());
    let shell = rings.next().unwrap_or(0.0);
    rings.fold(shell, |area, hole| area - hole)
}

#[inline]
fn ring_area(ring: Sequence<'_>) -> f64 {
    let [twice_area] = ring.sum_edges_around(ring.xy(0), |a, b| [a[0] * b[1] - b[0] * a[1]]);
    twice_area / 2.0
}

pub(crate) fn path_length(path: Sequence<'_>) -> f64 {
    let [length] = path.sum_edges(|a, b| {
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        [(dx * dx + dy * dy).sqrt()]
    });
    length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    const MIXED: &str = "GEOMETRYCOLLECTION(POINT(9 9),LINESTRING(0 0,3 4),\
                         POLYGON((0 0,2 0,2 2,0 2,0 0)),POLYGON EMPTY)";

    fn measured(measure: fn(Geometry<'_>) -> f64, text: &str) -> f64 {
        let (wkb, _) = wkt::parse(text).unwrap();
        measure(Geometry::try_new(&wkb).unwrap())
    }

    fn between<T>(measure: impl Fn(Geometry<'_>, Geometry<'_>) -> T, a: &str, b: &str) -> T {
        let (a, b) = (wkt::parse(a).unwrap().0, wkt::parse(b).unwrap().0);
        measure(Geometry::try_new(&a).unwrap(), Geometry::try_new(&b).unwrap())
    }

    #[test]
    fn each_measure_adds_up_its_own_dimension() {
        assert_eq!(measured(area, MIXED), 4.0);
        assert_eq!(measured(length, MIXED), 5.0);
        assert_eq!(measured(perimeter, MIXED), 8.0);
        assert_eq!(measured(area, "POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,2 1,2 2,1 2,1 1))"), 80.0);
        assert_eq!(measured(area, "POLYGON((0 0,2 2,2 0,0 2,0 0))"), 0.0);
        assert_eq!(measured(area, "LINESTRING(0 0,2 2)"), 0.0);
        assert_eq!(measured(length, "LINESTRING Z (0 0 0,0 0 10)"), 0.0);
        assert_eq!(measured(length, "POLYGON((0 0,2 0,2 2,0 2,0 0))"), 0.0);
        assert_eq!(measured(perimeter, "LINESTRING(0 0,1 0)"), 0.0);
    }

    #[test]
    fn azimuth_turns_clockwise_from_north() {
        use std::f64::consts::{FRAC_PI_2, PI};
        for (to, expected) in [
            ([0.0, 1.0], 0.0),
            ([1.0, 0.0], FRAC_PI_2),
            ([0.0, -1.0], PI),
            ([-1.0, 0.0], 3.0 * FRAC_PI_2),
        ] {
            let angle = azimuth([[0.0, 0.0], to]).unwrap();
            assert!((angle - expected).abs() < 1e-15, "{to:?}: {angle}");
        }
        assert_eq!(azimuth([[1.0, 1.0]; 2]), None);
        assert_eq!(azimuth([[1.0, 1.0], [f64::NAN, 0.0]]), None);
    }

    #[test]
    fn distances_of_all_kinds() {
        let square = "POLYGON((0 0,10 0,10 10,0 10,0 0),(4 4,6 4,6 6,4 6,4 4))";
        let cases = [
            ("POINT(0 0)", "POINT(3 4)", 5.0),
            ("POINT(5 5)", square, 1.0),
            ("POINT(3 3)", square, 0.0),
            ("POINT(13 14)", square, 5.0),
            ("LINESTRING(4.5 5,5.5 5)", square, 0.5),
            ("LINESTRING(1 1,2 2)", square, 0.0),
            ("LINESTRING(0 0,10 10)", "LINESTRING(0 10,10 0)", 0.0),
            ("LINESTRING(0 0,10 0)", "LINESTRING(12 1,12 -1)", 2.0),
            ("POINT(5 3)", "LINESTRING(0 0,10 0)", 3.0),
            ("MULTIPOINT((0 0),(50 50))", "MULTIPOINT((100 100),(51 50))", 1.0),
            ("POLYGON((0 0,1 0,1 1,0 1,0 0))", "POLYGON((5 0,6 0,6 1,5 1,5 0))", 4.0),
            (
                "POLYGON((0 0,0 10,10 10,10 0,0 0))",
                "POLYGON((11 0,11 10,20 10,20 0,11 0),(15 5,15 8,17 8,17 5,15 5))",
                1.0,
            ),
            ("POLYGON((1 1,2 1,2 2,1 1))", square, 0.0),
            ("POLYGON((4.5 4.5,5 4.5,5 5,4.5 4.5))", square, 0.5),
            ("POINT Z (0 0 0)", "POINT Z (0 0 10)", 0.0),
            ("GEOMETRYCOLLECTION(POINT(0 0),LINESTRING(20 0,20 9))", "POINT(19 5)", 1.0),
        ];
        for (a, b, expected) in cases {
            for (a, b) in [(a, b), (b, a)] {
                assert_eq!(between(distance, a, b), Some(expected), "{a} to {b}");
                assert!(between(|a, b| dwithin(a, b, expected), a, b), "{a} to {b}");
                if expected > 0.0 {
                    let less = expected - 1e-9;
                    assert!(!between(|a, b| dwithin(a, b, less), a, b), "{a} to {b}");
                }
            }
        }
    }

    #[test]
    fn targets_are_as_far_away_as_the_geometry() {
        let square = "POLYGON((0 0,10 0,10 10,0 10,0 0),(4 4,6 4,6 6,4 6,4 4))";
        let texts = [
            "POINT(13 14)",
            "POINT EMPTY",
            "POINT(5 5)",
            "LINESTRING(11 11,20 20)",
            "MULTIPOINT((50 50),(12 5))",
            "POLYGON((1 1,2 1,2 2,1 1))",
            square,
        ];
        for target in texts {
            for other in texts {
                let by_target = between(|a, b| Target::new(b).distance(a), other, target);
                assert_eq!(by_target, between(distance, other, target), "{other} to {target}");
                let closest = |a: Geometry<'_>, b: Geometry<'_>| {
                    let mut bytes = Vec::new();
                    Target::new(b).append_closest_point(&mut bytes, a).map(|()| bytes)
                };
                let found = between(closest, other, target);
                assert_eq!(found, between(closest_point, other, target), "{other} to {target}");
            }
        }
    }

    #[test]
    fn nothing_is_close_to_an_empty_geometry() {
        assert_eq!(between(distance, "POINT EMPTY", "POINT(0 0)"), None);
        assert_eq!(between(distance, "POINT(NaN 1)", "POINT(0 0)"), None);
        assert!(!between(|a, b| dwithin(a, b, 1e9), "POINT EMPTY", "POINT(0 0)"));
        assert_eq!(between(max_distance, "LINESTRING EMPTY", "POINT(0 0)"), None);
    }

    #[test]
    fn closest_and_farthest_positions() {
        let text = |wkb: Option<Vec<u8>>| {
            wkb.map(|wkb| wkt::format(Geometry::try_new(&wkb).unwrap(), 15)).unwrap_or_default()
        };
        let line = "LINESTRING(0 0,10 0)";
        assert_eq!(text(between(closest_point, line, "POINT(5 5)")), "POINT(5 0)");
        assert_eq!(text(between(shortest_line, line, "POINT(5 5)")), "LINESTRING(5 0,5 5)");
        assert_eq!(text(between(longest_line, line, "POINT(3 0)")), "LINESTRING(10 0,3 0)");
        assert_eq!(between(max_distance, line, line), Some(10.0));
        let points = "MULTIPOINT(0 1,1 0,2 1)";
        let hausdorff =
            between(|a, b| hausdorff_distance(a, b, None), "LINESTRING(0 0,2 0)", points);
        assert_eq!(hausdorff, Some(1.0));
    }
}
