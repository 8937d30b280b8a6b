//! The centre of mass.

use crate::planar::{Shape, Xy};
use crate::{Geometry, Kind, Sequence, write};

/// Returns the centre of mass of the parts of the highest dimension: of the areas, else of the
/// lines, else of the points; an empty point when there is nothing.
///
/// Areas that add up to nothing count as their rings, lines without length as points.
pub fn centroid(geometry: Geometry<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    append_centroid(&mut bytes, geometry);
    bytes
}

/// Appends the centre of mass.
#[inline]
pub fn append_centroid(bytes: &mut Vec<u8>, geometry: Geometry<'_>) {
    let [x, y] = match geometry.kind() {
        Kind::Point => geometry.point_xy(),
        _ => centre(geometry),
    }
    .unwrap_or([f64::NAN; 2]);
    bytes.extend_from_slice(&write::point_xy_array(x, y));
}

/// Returns the centre of mass.
pub(super) fn centre(geometry: Geometry<'_>) -> Option<Xy> {
    if let Some(centre) = centre_of_areas(geometry) {
        return Some(centre);
    }
    let mut mass = Mass::default();
    mass.add(geometry);
    mass.centre()
}

/// Returns the centre of mass of polygons if they have an area, which makes their rings and other
/// members irrelevant.
fn centre_of_areas(geometry: Geometry<'_>) -> Option<Xy> {
    if !matches!(geometry.kind(), Kind::Polygon | Kind::MultiPolygon) {
        return None;
    }
    let mut mass = Mass::default();
    mass.add_areas(geometry);
    if mass.area.weight.abs() > 0.0 { mass.centre() } else { None }
}

/// What a centre of mass is made of, added up geometry by geometry.
///
/// Weighted sums of positions are relative to the first one, which keeps them small and precise.
#[derive(Debug, Clone, Default)]
pub struct Mass {
    pub(super) origin: Option<Xy>,
    pub(super) area: Weighted,
    pub(super) length: Weighted,
    pub(super) count: Weighted,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weighted {
    pub(super) weight: f64,
    pub(super) sum: Xy,
}

impl Weighted {
    fn add(&mut self, weight: f64, at: Xy) {
        self.weight += weight;
        self.sum[0] += weight * at[0];
        self.sum[1] += weight * at[1];
    }
}

impl Mass {
    /// Returns the centre of what was added.
    pub fn centre(&self) -> Option<[f64; 2]> {
        let origin = self.origin?;
        let weighted = [&self.area, &self.length, &self.count]
            .into_iter()
            .find(|weighted| weighted.weight.abs() > 0.0)?;
        let [x, y] = weighted.sum.map(|sum| sum / weighted.weight);
        Some([origin[0] + x, origin[1] + y])
    }

    /// Adds the parts of a geometry.
    pub fn add(&mut self, geometry: Geometry<'_>) {
        match geometry.kind() {
            Kind::Point => {
                if let Some(coord) = geometry.point() {
                    let at = self.relative([coord.x, coord.y]);
                    self.count.add(1.0, at);
                }
            }
            Kind::LineString => {
                if let Some(line) = geometry.line() {
                    let path = self.path(line);
                    self.add_path(&path);
                }
            }
            Kind::Polygon => {
                self.add_areas(geometry);
                for ring in geometry.rings() {
                    let path = self.path(ring);
                    self.add_path(&path);
                }
            }
            _ => {
                for part in geometry.parts() {
                    self.add(part);
                }
            }
        }
    }

    fn relative(&mut self, [x, y]: Xy) -> Xy {
        let origin = *self.origin.get_or_insert([x, y]);
        [x - origin[0], y - origin[1]]
    }

    fn path(&mut self, sequence: Sequence<'_>) -> Vec<Xy> {
        let mut path = Vec::with_capacity(sequence.len());
        sequence.for_each_xy(|x, y| path.push(self.relative([x, y])));
        path
    }

    fn add_path(&mut self, path: &[Xy]) {
        let mut total = 0.0;
        for pair in path.windows(2) {
            let length = (pair[1][0] - pair[0][0]).hypot(pair[1][1] - pair[0][1]);
            if length > 0.0 {
                total += length;
                let middle =
                    [f64::midpoint(pair[0][0], pair[1][0]), f64::midpoint(pair[0][1], pair[1][1])];
                self.length.add(length, middle);
            }
        }
        if let (0.0, Some(first)) = (total, path.first()) {
            self.count.add(1.0, *first);
        }
    }

    /// Adds the areas of polygons; holes count negatively.
    fn add_areas(&mut self, geometry: Geometry<'_>) {
        for part in geometry.parts() {
            self.add_areas(part);
        }
        for (index, ring) in geometry.rings().enumerate() {
            if !ring.is_empty() {
                self.add_ring(ring, if index == 0 { 1.0 } else { -1.0 });
            }
        }
    }

    /// Adds a ring as triangles around its first position, in either direction.
    fn add_ring(&mut self, ring: Sequence<'_>, sign: f64) {
        let first = ring.xy(0);
        let base = self.relative(first);
        let [twice_area, x, y] = ring.sum_edges_around(first, |a, b| {
            let twice_area = a[0] * b[1] - b[0] * a[1];
            [twice_area, twice_area * (a[0] + b[0]), twice_area * (a[1] + b[1])]
        });
        let sign = if twice_area < 0.0 { -sign } else { sign };
        let weight = sign * twice_area / 2.0;
        self.area.weight += weight;
        self.area.sum[0] += weight * base[0] + sign * x / 6.0;
        self.area.sum[1] += weight * base[1] + sign * y / 6.0;
    }
}

/// Returns the average of positions.
pub(super) fn centre_of(shape: &Shape) -> Option<Xy> {
    let first = shape.points.first()?;
    let mut sum = [0.0, 0.0];
    for at in &shape.points {
        sum = [sum[0] + (at[0] - first[0]), sum[1] + (at[1] - first[1])];
    }
    let count = shape.points.len() as f64;
    Some([first[0] + sum[0] / count, first[1] + sum[1] / count])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn the_highest_dimension_counts() {
        for (text, expected) in [
            (
                "GEOMETRYCOLLECTION(POINT(9 9),LINESTRING(0 0,3 4),POLYGON((0 0,2 0,2 2,0 2,0 0)))",
                "POINT(1 1)",
            ),
            ("GEOMETRYCOLLECTION(POINT(9 9),LINESTRING(0 0,2 4))", "POINT(1 2)"),
            ("MULTIPOINT((179 0),(-179 0))", "POINT(0 0)"),
            ("MULTIPOINT Z ((0 0 0),(2 2 2))", "POINT(1 1)"),
            ("LINESTRING(10 10,10 10)", "POINT(10 10)"),
            ("POLYGON EMPTY", "POINT EMPTY"),
            ("POLYGON((0 0,4 0,4 4,0 4,0 0),(0 0,4 0,4 2,0 2,0 0))", "POINT(2 3)"),
            ("POLYGON((0 0,4 0,0 0,0 0))", "POINT(2 0)"),
            ("MULTIPOINT(EMPTY,(3 4))", "POINT(3 4)"),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let centre = centroid(Geometry::try_new(&wkb).unwrap());
            assert_eq!(wkt::format(Geometry::try_new(&centre).unwrap(), 15), expected, "{text}");
        }
    }
}
