//! The smallest circle around a geometry.

use std::f64::consts::TAU;

use super::hull;
use super::voronoi::circumcentre;
use crate::planar::{Shape, Xy, distance_squared};
use crate::{Coord, Dimension, Geometry, Kind, write};

/// How much further from the centre than the radius a position may seem by rounding.
const SLACK: f64 = 1.0 + 1e-14;

/// A circle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circle {
    /// The centre.
    pub centre: [f64; 2],
    /// The radius.
    pub radius: f64,
}

/// Returns the smallest circle that contains a geometry; nothing when it is empty.
pub fn bounding_circle(geometry: Geometry<'_>) -> Option<Circle> {
    let shape = Shape::new(geometry);
    let mut corners = hull(shape.coords.into_iter().chain(shape.points).collect());
    shuffle(&mut corners);
    let mut circle = Circle { centre: *corners.first()?, radius: 0.0 };
    for (index, at) in corners.iter().enumerate() {
        if !circle.contains(*at) {
            circle = through_one(corners.get(..index).unwrap_or_default(), *at);
        }
    }
    Some(circle)
}

/// Returns the smallest circle around a geometry as a polygon with a number of segments in each
/// quarter, which contains the circle; a point when it has no radius, and an empty one around
/// nothing.
pub fn bounding_circle_polygon(geometry: Geometry<'_>, quad_segs: u32) -> Vec<u8> {
    let Some(Circle { centre: [x, y], radius }) = bounding_circle(geometry) else {
        return write::empty(Kind::Point, Dimension::Xy);
    };
    if radius == 0.0 {
        return write::point_xy(x, y);
    }
    let count = 4 * quad_segs.max(1);
    let step = TAU / f64::from(count);
    let radius = radius * (1.0 + (step / 2.0).tan().powi(2)).sqrt();
    let ring = (0..=count).map(|index| {
        let (sin, cos) = match index * 4 % count {
            // The quarters are met exactly.
            0 => [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)]
                .get((index * 4 / count % 4) as usize)
                .copied()
                .unwrap_or_default(),
            _ => (f64::from(index) * step).sin_cos(),
        };
        Coord::xy(x + radius * sin, y + radius * cos)
    });
    write::polygon([ring.collect::<Vec<_>>()], Dimension::Xy)
}

impl Circle {
    fn contains(&self, at: Xy) -> bool {
        distance_squared(self.centre, at) <= self.radius * self.radius * SLACK
    }

    /// Returns the circle whose diameter lies between two positions.
    fn between(a: Xy, b: Xy) -> Self {
        let centre = [f64::midpoint(a[0], b[0]), f64::midpoint(a[1], b[1])];
        let radius = distance_squared(centre, a).max(distance_squared(centre, b)).sqrt();
        Self { centre, radius }
    }
}

/// Returns the smallest circle around positions that has one on it.
fn through_one(positions: &[Xy], a: Xy) -> Circle {
    let mut circle = Circle { centre: a, radius: 0.0 };
    for (index, b) in positions.iter().enumerate() {
        if !circle.contains(*b) {
            circle = through_two(positions.get(..index).unwrap_or_default(), a, *b);
        }
    }
    circle
}

/// Returns the smallest circle around positions that has two on it.
fn through_two(positions: &[Xy], a: Xy, b: Xy) -> Circle {
    let mut circle = Circle::between(a, b);
    for c in positions {
        if circle.contains(*c) {
            continue;
        }
        let centre = circumcentre([a, b, *c]);
        if centre.iter().all(|value| value.is_finite()) {
            let radius = [a, b, *c].map(|at| distance_squared(centre, at));
            circle = Circle { centre, radius: radius.into_iter().fold(0.0, f64::max).sqrt() };
        }
    }
    circle
}

/// Mixes the positions, always in the same way: in a sorted order the search would be slow.
fn shuffle(positions: &mut [Xy]) {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for index in (1..positions.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        let other = usize::try_from(state >> 33).unwrap_or(0) % (index + 1);
        positions.swap(index, other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn circle(text: &str) -> Option<Circle> {
        let (wkb, _) = wkt::parse(text).unwrap();
        bounding_circle(Geometry::try_new(&wkb).unwrap())
    }

    #[test]
    fn circles_are_as_small_as_can_be() {
        for (text, centre, radius) in [
            ("POINT(1 2)", [1.0, 2.0], 0.0),
            ("LINESTRING(0 0,1 0,4 0)", [2.0, 0.0], 2.0),
            ("POLYGON((0 0,2 0,2 2,0 2,0 0))", [1.0, 1.0], 2f64.sqrt()),
            ("MULTIPOINT((0 0),(8 0),(4 1),(4 -1))", [4.0, 0.0], 4.0),
        ] {
            let found = circle(text).unwrap();
            assert!(distance_squared(found.centre, centre) < 1e-20, "{text}: {found:?}");
            assert!((found.radius - radius).abs() < 1e-12, "{text}: {found:?}");
        }
        assert_eq!(circle("POLYGON EMPTY"), None);
    }

    #[test]
    fn the_polygon_is_outside_of_the_circle() {
        let (wkb, _) = wkt::parse("LINESTRING(0 0,2 0)").unwrap();
        let polygon = bounding_circle_polygon(Geometry::try_new(&wkb).unwrap(), 1);
        let text = wkt::format(Geometry::try_new(&polygon).unwrap(), 4);
        assert_eq!(text, "POLYGON((1 1.4142,2.4142 0,1 -1.4142,-0.4142 0,1 1.4142))");
    }
}
