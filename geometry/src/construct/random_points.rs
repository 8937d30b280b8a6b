//! Points scattered over areas.

use super::triangulate::triangles;
use crate::interrupt::is_over;
use crate::planar::{EdgeTree, Location, Shape, Xy, locate, signed_area};
use crate::{Coord, Dimension, Geometry, GeometryError, Kind, WkbWriter};

/// The most points that are made at once.
const MAX_POINTS: i64 = 10_000_000;
/// How often a position that rounding moved out of the area is drawn again.
const MAX_DRAWS: u32 = 100;

/// Returns points that are spread evenly and at random over the areas of a polygon or
/// multipolygon; the same seed always gives the same points. Nothing for a number below 1 or an
/// empty geometry.
pub fn generate_points(
    geometry: Geometry<'_>,
    count: i64,
    seed: i64,
) -> Result<Option<Vec<u8>>, GeometryError> {
    if !matches!(geometry.kind(), Kind::Polygon | Kind::MultiPolygon) {
        let name = geometry.kind().pg_name();
        let reason = format!("points are scattered over areas, not over a {name}");
        return Err(GeometryError::InvalidArgument { reason });
    }
    if count > MAX_POINTS {
        let reason = format!("{count} points are more than the limit of {MAX_POINTS}");
        return Err(GeometryError::InvalidArgument { reason });
    }
    if count < 1 || geometry.is_empty() {
        return Ok(None);
    }
    let shape = Shape::new(geometry);
    let mut scatter = Scatter::new(&shape, seed)?;
    let mut writer = WkbWriter::new(Dimension::Xy);
    writer.begin(Kind::MultiPoint);
    for _ in 0..count {
        if is_over() {
            return Err(GeometryError::Interrupted);
        }
        let [x, y] = scatter.draw();
        writer.point(Coord::xy(x, y));
    }
    writer.end();
    Ok(Some(writer.into_bytes()))
}

/// Draws positions from areas.
struct Scatter<'s> {
    shape: &'s Shape,
    tree: EdgeTree,
    triangles: Vec<[Xy; 3]>,
    /// The area of each triangle and all before it.
    areas: Vec<f64>,
    state: u64,
}

impl<'s> Scatter<'s> {
    fn new(shape: &'s Shape, seed: i64) -> Result<Self, GeometryError> {
        let triangles = triangles(shape)?;
        let mut total = 0.0;
        let areas = triangles.iter().map(|[a, b, c]| {
            total += signed_area(&[*a, *b, *c, *a]).abs();
            total
        });
        let areas: Vec<f64> = areas.collect();
        if areas.last().is_none_or(|total| *total <= 0.0) {
            let reason = "points cannot be scattered over a polygon without area".to_owned();
            return Err(GeometryError::InvalidArgument { reason });
        }
        let tree = EdgeTree::new(shape);
        Ok(Self { shape, tree, triangles, areas, state: seed.cast_unsigned() })
    }

    fn draw(&mut self) -> Xy {
        let mut at = self.draw_once();
        for _ in 0..MAX_DRAWS {
            if locate(self.shape, &self.tree, at) == Location::Interior {
                break;
            }
            at = self.draw_once();
        }
        at
    }

    fn draw_once(&mut self) -> Xy {
        let share = self.random() * self.areas.last().copied().unwrap_or_default();
        let index = self.areas.partition_point(|area| *area <= share);
        let triangle = self.triangles.get(index).or(self.triangles.last());
        let [a, b, c] = triangle.copied().unwrap_or_default();
        let (mut u, mut v) = (self.random(), self.random());
        if u + v > 1.0 {
            (u, v) = (1.0 - u, 1.0 - v);
        }
        [0, 1].map(|axis| a[axis] + u * (b[axis] - a[axis]) + v * (c[axis] - a[axis]))
    }

    /// Returns a number from 0 to below 1, by the generator `SplitMix64`.
    fn random(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn points(text: &str, count: i64, seed: i64) -> Option<Vec<u8>> {
        let (wkb, _) = wkt::parse(text).unwrap();
        generate_points(Geometry::try_new(&wkb).unwrap(), count, seed).unwrap()
    }

    #[test]
    fn points_lie_in_the_area_and_repeat() {
        let square = "POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,8 1,8 8,1 8,1 1))";
        let made = points(square, 200, 7).unwrap();
        assert_eq!(made, points(square, 200, 7).unwrap());
        assert_ne!(made, points(square, 200, 8).unwrap());
        let made = Geometry::try_new(&made).unwrap();
        assert_eq!(made.part_count(), 200);
        made.coords(|at| {
            let is_inside =
                |low: f64, high: f64| low < at.x && at.x < high && low < at.y && at.y < high;
            assert!(is_inside(0.0, 9.0) && !is_inside(1.0, 8.0), "{at:?}");
        });
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert_eq!(points("POLYGON EMPTY", 5, 1), None);
        assert_eq!(points("POLYGON((0 0,1 0,1 1,0 0))", -1, 1), None);
        assert_eq!(points("POLYGON((0 0,1 0,1 1,0 0))", 0, 1), None);
        let (wkb, _) = wkt::parse("POLYGON((0 0,1 0,2 0,0 0))").unwrap();
        assert!(generate_points(Geometry::try_new(&wkb).unwrap(), 3, 1).is_err());
    }
}
