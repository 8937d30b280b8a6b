//! Boxes around geographies in the space that the earth lies in.

use super::vector::{Vector, cross, dot, scale, unit, vector};
use crate::{Geometry, Kind, Sequence};

/// A box around a geography on the unit sphere, in single precision, borders included.
///
/// PostGIS compares geographies by such boxes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    low: [f32; 3],
    high: [f32; 3],
}

impl Extent {
    /// Returns the box around a geography with its great-circle edges; nothing for an empty one.
    pub fn new(geography: Geometry<'_>) -> Option<Self> {
        let mut space = Space::NOTHING;
        space.add_geography(geography);
        (!space.is_nothing())
            .then(|| Self { low: space.low.map(rounded_down), high: space.high.map(rounded_up) })
    }

    /// Returns whether two boxes share at least one position.
    pub fn intersects(&self, other: &Self) -> bool {
        (0..3).all(|axis| self.low[axis] <= other.high[axis] && other.low[axis] <= self.high[axis])
    }
}

/// A box in double precision that grows.
struct Space {
    low: Vector,
    high: Vector,
}

impl Space {
    const NOTHING: Self = Self { low: [f64::INFINITY; 3], high: [f64::NEG_INFINITY; 3] };

    fn is_nothing(&self) -> bool {
        self.low[0] > self.high[0]
    }

    fn add_geography(&mut self, geography: Geometry<'_>) {
        if geography.kind() == Kind::Polygon {
            let mut area = Self::NOTHING;
            for ring in geography.rings() {
                area.add_path(ring);
            }
            // The corners of nothing are those of everything.
            if !area.is_nothing() {
                area.add_poles();
                self.add(area.low);
                self.add(area.high);
            }
        } else if geography.kind().is_collection() {
            for part in geography.parts() {
                self.add_geography(part);
            }
        } else {
            geography.sequences(&mut |_, path| self.add_path(path));
        }
    }

    fn add_path(&mut self, path: Sequence<'_>) {
        let mut last = None;
        path.for_each_xy(|x, y| {
            let at = vector([x, y]);
            self.add(at);
            if let Some(before) = last {
                self.add_edge([before, at]);
            }
            last = Some(at);
        });
    }

    /// Adds where an edge comes closest to the ends of each axis, if not in its own ends.
    fn add_edge(&mut self, [from, to]: [Vector; 2]) {
        let Some(pole) = unit(cross(from, to)) else { return };
        for axis in 0..3 {
            let mut direction = [0.0; 3];
            direction[axis] = 1.0;
            let along = dot(direction, pole);
            let in_plane = [0, 1, 2].map(|place| direction[place] - pole[place] * along);
            let Some(extreme) = unit(in_plane) else { continue };
            for extreme in [extreme, scale(extreme, -1.0)] {
                if dot(cross(from, extreme), pole) > 0.0 && dot(cross(extreme, to), pole) > 0.0 {
                    self.add(extreme);
                }
            }
        }
    }

    /// Adds the ends of the axes that the edges of an area go around.
    fn add_poles(&mut self) {
        let (low, high) = (self.low, self.high);
        for axis in 0..3 {
            let is_around = |other: usize| low[other] < 0.0 && high[other] > 0.0;
            if !(is_around((axis + 1) % 3) && is_around((axis + 2) % 3)) {
                continue;
            }
            if low[axis] <= 0.0 {
                self.low[axis] = -1.0;
            }
            if high[axis] >= 0.0 {
                self.high[axis] = 1.0;
            }
        }
    }

    fn add(&mut self, at: Vector) {
        self.low = [0, 1, 2].map(|axis| self.low[axis].min(at[axis]));
        self.high = [0, 1, 2].map(|axis| self.high[axis].max(at[axis]));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the next number below is taken")]
fn rounded_down(value: f64) -> f32 {
    let rounded = value as f32;
    if f64::from(rounded) > value { rounded.next_down() } else { rounded }
}

#[expect(clippy::cast_possible_truncation, reason = "the next number above is taken")]
fn rounded_up(value: f64) -> f32 {
    let rounded = value as f32;
    if f64::from(rounded) < value { rounded.next_up() } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn boxes_are_those_of_postgis() {
        let extent = |text: &str| {
            let (wkb, _) = wkt::parse(text).unwrap();
            Extent::new(Geometry::try_new(&wkb).unwrap())
        };
        for (a, b, expected) in [
            ("POINT(0 0)", "POINT(0 0)", true),
            ("POINT(0 0)", "POINT(1 1)", false),
            ("LINESTRING(0 0,90 0)", "POINT(45 0)", true),
            ("LINESTRING(0 0,90 0)", "POINT(45 0.1)", false),
            ("LINESTRING(-60 50,60 50)", "POINT(10 67)", true),
            ("LINESTRING(-60 50,60 50)", "POINT(0 60)", false),
            ("POLYGON((0 80,90 80,180 80,-90 80,0 80))", "POINT(45 90)", true),
            ("POLYGON((0 80,90 80,180 80,-90 80,0 80))", "POINT(45 79)", false),
            ("LINESTRING(170 0,-170 0)", "POINT(180 0)", true),
            ("LINESTRING(170 0,-170 0)", "POINT(0 0)", false),
        ] {
            let (first, second) = (extent(a).unwrap(), extent(b).unwrap());
            assert_eq!(first.intersects(&second), expected, "{a} {b}");
            assert_eq!(second.intersects(&first), expected, "{b} {a}");
        }
        assert_eq!(extent("POINT EMPTY"), None);
        assert_eq!(extent("POLYGON EMPTY"), None);
        assert_eq!(extent("MULTIPOLYGON(EMPTY)"), None);
        assert_eq!(extent("GEOMETRYCOLLECTION(LINESTRING EMPTY)"), None);
    }
}
