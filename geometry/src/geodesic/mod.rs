//! Measures on the earth: positions are longitude and latitude in degrees, results in metres.
//!
//! Distances between points are exact on the spheroid (to nanometres) and on the sphere. For
//! other geometries the closest positions are found with great-circle edges on the sphere, and
//! the distance between those two positions is then measured on the figure asked for; PostGIS
//! does the same.

mod along;
mod centroid;
mod closest;
mod covers;
mod ellipsoid;
mod extent;
mod range;
mod region;
pub mod s2;
mod segmentize;
mod sphere;
mod travel;
mod vector;
mod window;

use std::sync::OnceLock;

use geographiclib_rs::{DirectGeodesic as _, Geodesic, InverseGeodesic as _, PolygonArea, Winding};

use crate::{Geometry, Kind, Sequence, interrupt};
pub use ellipsoid::Ellipsoid;
use sphere::Located;

pub use along::{interpolate, interpolate_all, locate, substring};
pub use centroid::centroid;
pub use closest::{closest_point, distance_rounded, length, perimeter, shortest_line};
pub use covers::covers;
pub use extent::Extent;
pub use range::in_range;
pub use region::{Projection, best_projection, in_plane, in_plane_together};
pub use segmentize::segmentize;
pub use travel::{travel, travel_beyond};
pub use window::{bounds, near};

/// The mean radius of the earth in metres, as PostGIS has it.
pub const RADIUS: f64 = 6_371_008.771_415_059;

/// The sphere deviates from the spheroid by less than this part of any distance.
const DEVIATION: f64 = 0.006;

/// What the earth is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Figure {
    /// The spheroid of WGS 84.
    #[default]
    Spheroid,
    /// A sphere of the mean radius.
    Sphere,
}

impl Figure {
    /// Returns the figure on which a SQL function of this name measures geometries, whose
    /// positions it takes for longitudes and latitudes.
    pub fn of_distance_function(name: &str) -> Option<Self> {
        match name {
            "st_distancesphere" => Some(Self::Sphere),
            "st_distancespheroid" => Some(Self::Spheroid),
            _ => None,
        }
    }
}

/// Returns the smallest distance between two geometries on the sphere.
pub fn distance_sphere(a: Geometry<'_>, b: Geometry<'_>) -> Option<f64> {
    distance(a, b, Figure::Sphere)
}

/// Returns the smallest distance between two geometries on the spheroid.
pub fn distance_spheroid(a: Geometry<'_>, b: Geometry<'_>) -> Option<f64> {
    distance(a, b, Figure::Spheroid)
}

/// Returns the smallest distance between two geometries, 0 when they meet; nothing when one of
/// them is empty or has an ordinate that is not finite.
pub fn distance(a: Geometry<'_>, b: Geometry<'_>, figure: Figure) -> Option<f64> {
    if let (Some(from), Some(to)) = (a.point(), b.point()) {
        return between([from.x, from.y], [to.x, to.y], figure);
    }
    if a.kind() == Kind::Point && b.kind() == Kind::Point {
        return None;
    }
    let compute = || sphere::closest(&Located::new(a)?, &Located::new(b)?);
    let closest = interrupt::contained(compute).flatten()?;
    match closest {
        sphere::Closest::Meeting(_) => Some(0.0),
        sphere::Closest::Apart([from, to]) => between(from, to, figure),
    }
}

/// Returns whether two geometries are no further apart than a distance.
///
/// Between points the sphere decides most cases, because it is close to the spheroid and fast.
pub fn dwithin(a: Geometry<'_>, b: Geometry<'_>, limit: f64, figure: Figure) -> bool {
    if limit.is_nan() || limit < 0.0 {
        return false;
    }
    if let (Some(from), Some(to), Figure::Spheroid) = (a.point(), b.point(), figure) {
        let Some(sphere) = between([from.x, from.y], [to.x, to.y], Figure::Sphere) else {
            return false;
        };
        if sphere * (1.0 + DEVIATION) < limit {
            return true;
        }
        if sphere * (1.0 - DEVIATION) > limit {
            return false;
        }
    }
    // PostGIS allows a hundredth of a millimetre for rounding.
    distance(a, b, figure).is_some_and(|distance| distance <= limit + 1e-5)
}

/// Returns the length of all lines on the spheroid.
pub fn length_spheroid(geometry: Geometry<'_>) -> f64 {
    sum_of(geometry, Kind::LineString, &mut |line| {
        line.line().map_or(0.0, |line| path_length(line, Figure::Spheroid))
    })
}

/// Returns the length of all rings of polygons on the spheroid.
pub fn perimeter_spheroid(geometry: Geometry<'_>) -> f64 {
    sum_of(geometry, Kind::Polygon, &mut |polygon| {
        polygon.rings().map(|ring| path_length(ring, Figure::Spheroid)).sum()
    })
}

/// Returns the area of all polygons on the spheroid, in square metres.
pub fn area_spheroid(geometry: Geometry<'_>) -> f64 {
    area(geometry, Figure::Spheroid)
}

/// Returns the area of all polygons, in square metres.
pub fn area(geometry: Geometry<'_>, figure: Figure) -> f64 {
    sum_of(geometry, Kind::Polygon, &mut |polygon| {
        let mut sum = 0.0;
        for (index, ring) in polygon.rings().enumerate() {
            let area = ring_area(ring, figure);
            if index == 0 {
                sum += area;
            } else {
                sum -= area;
            }
        }
        sum
    })
}

/// Returns the direction in which the shortest path from one point to another starts, in radians
/// clockwise from north; nothing when they are equal or one of them is no point or is empty.
pub fn azimuth(a: Geometry<'_>, b: Geometry<'_>) -> Option<f64> {
    let (from, to) = (a.point()?, b.point()?);
    if from.x == to.x && from.y == to.y {
        return None;
    }
    let (azimuth, _, _): (f64, f64, f64) =
        geodesic(Figure::Spheroid).inverse(from.y, from.x, to.y, to.x);
    let azimuth = azimuth.to_radians();
    let turn = std::f64::consts::TAU;
    let azimuth = if azimuth < 0.0 { azimuth + turn } else { azimuth };
    azimuth.is_finite().then_some(azimuth)
}

/// Returns the longitude and latitude that one reaches from a position by going some metres in
/// a direction, in radians clockwise from north.
pub fn project(from: [f64; 2], distance: f64, azimuth: f64, figure: Figure) -> [f64; 2] {
    let (latitude, longitude): (f64, f64) =
        geodesic(figure).direct(from[1], from[0], azimuth.to_degrees(), distance);
    [longitude, latitude]
}

/// Returns the distance between two positions, given as longitude and latitude.
pub fn between(from: [f64; 2], to: [f64; 2], figure: Figure) -> Option<f64> {
    let distance = match figure {
        Figure::Sphere => RADIUS * sphere::angle(from, to),
        Figure::Spheroid if from == to => 0.0 * (from[0] + from[1]),
        Figure::Spheroid => geodesic(figure).inverse(from[1], from[0], to[1], to[0]),
    };
    distance.is_finite().then_some(distance)
}

fn geodesic(figure: Figure) -> &'static Geodesic {
    static SPHEROID: OnceLock<Geodesic> = OnceLock::new();
    static SPHERE: OnceLock<Geodesic> = OnceLock::new();
    match figure {
        Figure::Spheroid => SPHEROID.get_or_init(Geodesic::wgs84),
        Figure::Sphere => SPHERE.get_or_init(|| Geodesic::new(RADIUS, 0.0)),
    }
}

fn sum_of(geometry: Geometry<'_>, kind: Kind, measure: &mut dyn FnMut(Geometry<'_>) -> f64) -> f64 {
    if geometry.kind() == kind {
        return measure(geometry);
    }
    if geometry.kind() != kind.multi() && geometry.kind() != Kind::GeometryCollection {
        return 0.0;
    }
    geometry.parts().map(|part| sum_of(part, kind, measure)).sum()
}

fn path_length(path: Sequence<'_>, figure: Figure) -> f64 {
    let mut previous: Option<[f64; 2]> = None;
    let mut sum = 0.0;
    path.for_each_xy(|x, y| {
        if let Some(previous) = previous {
            sum += between(previous, [x, y], figure).unwrap_or(f64::NAN);
        }
        previous = Some([x, y]);
    });
    sum
}

fn ring_area(ring: Sequence<'_>, figure: Figure) -> f64 {
    let count = if ring.is_closed() { ring.len() - 1 } else { ring.len() };
    let corners: Vec<[f64; 2]> = (0..count).map(|index| ring.xy(index)).collect();
    ring_area_of(&corners, figure)
}

/// Returns the area inside of a ring, given without its last vertex, which is the first.
fn ring_area_of(corners: &[[f64; 2]], figure: Figure) -> f64 {
    if corners.len() < 3 {
        return 0.0;
    }
    let mut polygon = PolygonArea::new(geodesic(figure), Winding::CounterClockwise);
    for [x, y] in corners {
        if !x.is_finite() || !y.is_finite() {
            return f64::NAN;
        }
        polygon.add_point(*y, *x);
    }
    let (_, area, _) = polygon.compute(true);
    area.abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn of(measure: impl Fn(Geometry<'_>) -> f64, text: &str) -> f64 {
        let (wkb, _) = wkt::parse(text).unwrap();
        measure(Geometry::try_new(&wkb).unwrap())
    }

    fn apart(figure: Figure, a: &str, b: &str) -> Option<f64> {
        let (a, b) = (wkt::parse(a).unwrap().0, wkt::parse(b).unwrap().0);
        distance(Geometry::try_new(&a).unwrap(), Geometry::try_new(&b).unwrap(), figure)
    }

    fn assert_close(actual: f64, expected: f64) {
        assert!((actual / expected - 1.0).abs() < 1e-9, "{actual} instead of {expected}");
    }

    #[test]
    fn points_are_as_far_apart_as_in_postgis() {
        let cases = [
            (Figure::Spheroid, "POINT(0 0)", "POINT(0 1)", 110_574.388_557_8),
            (Figure::Sphere, "POINT(0 0)", "POINT(0 1)", 111_195.079_734_63),
            (Figure::Spheroid, "POINT(0 50)", "POINT(10 50)", 716_422.976_998_689_2),
            (Figure::Spheroid, "POINT(50 0)", "POINT(50 10)", 1_105_854.833_234_372_3),
            (Figure::Spheroid, "POINT(179.5 0)", "POINT(-179.5 0)", 111_319.490_793_27),
        ];
        for (figure, a, b, expected) in cases {
            assert_close(apart(figure, a, b).unwrap(), expected);
        }
        assert_eq!(apart(Figure::Spheroid, "POINT EMPTY", "POINT(0 1)"), None);
        assert_eq!(apart(Figure::Spheroid, "POINT EMPTY", "LINESTRING(0 1,1 1)"), None);
    }

    #[test]
    fn areas_and_lengths_are_those_of_postgis() {
        assert_close(
            of(area_spheroid, "POLYGON((0 50,1 50,1 51,0 51,0 50))"),
            7_892_061_583.206_543,
        );
        assert_close(
            of(area_spheroid, "POLYGON((50 0,50 1,51 1,51 0,50 0))"),
            12_308_778_361.469_454,
        );
        let dateline = "POLYGON((170 -10,-170 -10,-170 10,170 10,170 -10))";
        assert_close(of(area_spheroid, dateline), 4.948_480_469_169_517e12);
        assert_close(of(length_spheroid, "LINESTRING(179 0,-179 0)"), 222_638.981_586_547_13);
        assert_eq!(of(area_spheroid, "LINESTRING(179 0,-179 0)"), 0.0);
        assert_eq!(of(area_spheroid, "POLYGON EMPTY"), 0.0);
    }

    #[test]
    fn edges_are_great_circles() {
        let equator = "LINESTRING(-1 0,1 0)";
        assert_close(apart(Figure::Sphere, "POINT(0 1)", equator).unwrap(), 111_195.079_734_63);
        assert_close(apart(Figure::Spheroid, "POINT(0 1)", equator).unwrap(), 110_574.388_557_8);
        assert_eq!(apart(Figure::Spheroid, "LINESTRING(0 -1,0 1)", equator), Some(0.0));
        let square = "POLYGON((170 -10,-170 -10,-170 10,170 10,170 -10))";
        assert_eq!(apart(Figure::Spheroid, "POINT(180 0)", square), Some(0.0));
        assert!(apart(Figure::Spheroid, "POINT(0 0)", square).unwrap() > 1e7);
        // The great circle between two positions at 40 degrees runs north of the parallel.
        let high = "POLYGON((0 40,40 40,40 0,0 0,0 40))";
        assert_eq!(apart(Figure::Spheroid, "POINT(20 40.5)", high), Some(0.0));
    }

    #[test]
    fn areas_may_reach_around_a_quarter_of_the_earth() {
        // Most vertices are at one end, so their mean says little about where the inside is.
        let long =
            "POLYGON((0 -1,0.1 -1,0.2 -1,0.3 -1,60 -1,120 -1,120 1,60 1,0.3 1,0.2 1,0 1,0 -1))";
        assert_eq!(apart(Figure::Sphere, "POINT(119 0)", long), Some(0.0));
        assert!(apart(Figure::Sphere, "POINT(-61 0)", long).unwrap() > 1e6);
        let cap = "POLYGON((0 80,90 80,180 80,-90 80,0 80))";
        assert_eq!(apart(Figure::Sphere, "POINT(33 90)", cap), Some(0.0));
        assert!(apart(Figure::Sphere, "POINT(33 -90)", cap).unwrap() > 1e7);
    }

    #[test]
    fn one_geography_covers_another() {
        let covers = |a: &str, b: &str| {
            let (a, b) = (wkt::parse(a).unwrap().0, wkt::parse(b).unwrap().0);
            covers(Geometry::try_new(&a).unwrap(), Geometry::try_new(&b).unwrap())
        };
        let square = "POLYGON((0 0,10 0,10 10,0 10,0 0))";
        assert!(covers(square, square));
        assert!(covers(square, "POLYGON((1 1,2 1,2 2,1 2,1 1))"));
        assert!(covers(square, "LINESTRING(0 0,10 0,10 10)"));
        assert!(covers(square, "MULTIPOINT((0 0),(5 5))"));
        assert!(!covers(square, "LINESTRING(5 5,5 15)"));
        assert!(!covers(square, "POLYGON((5 5,15 5,15 8,5 8,5 5))"));
        let ring = "POLYGON((0 0,10 0,10 10,0 10,0 0),(4 4,6 4,6 6,4 6,4 4))";
        assert!(!covers(ring, "POLYGON((1 1,9 1,9 9,1 9,1 1))"));
        assert!(!covers(ring, "LINESTRING(1 5,9 5)"));
        assert!(covers(ring, "LINESTRING(1 1,1 9)"));
        let dateline = "POLYGON((170 -10,-170 -10,-170 10,170 10,170 -10))";
        assert!(covers(dateline, "LINESTRING(175 0,-175 0)"));
        assert!(!covers(dateline, "LINESTRING(-175 0,-160 0)"));
        assert!(!covers(square, "POINT EMPTY"));
        assert!(!covers("POINT(1 1)", square));
    }

    #[test]
    fn positions_are_turned_into_the_range() {
        let turned = |text: &str| {
            let (wkb, _) = wkt::parse(text).unwrap();
            let moved = in_range(Geometry::try_new(&wkb).unwrap()).into_owned();
            wkt::format(Geometry::try_new(&moved).unwrap(), 15)
        };
        assert_eq!(turned("POINT(190 0)"), "POINT(-170 0)");
        assert_eq!(turned("POINT(-541 0)"), "POINT(179 0)");
        assert_eq!(turned("POINT(0 91)"), "POINT(0 89)");
        assert_eq!(turned("POINT(0 -100)"), "POINT(0 -80)");
        assert_eq!(turned("POINT Z (-180 90 200)"), "POINT Z (-180 90 200)");
        assert_eq!(turned("POINT EMPTY"), "POINT EMPTY");
    }
}
