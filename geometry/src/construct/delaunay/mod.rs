//! The Delaunay triangulation of the vertices of a geometry.

mod quad_edge;
mod subdivision;

use std::collections::HashMap;

use crate::planar::{Key, Xy, key};
use crate::{Coord, Dimension, Geometry, GeometryError, Kind, WkbWriter};

pub(crate) use subdivision::{Border, Subdivision};

/// What a triangulation is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Triangles {
    /// A collection of triangles as polygons.
    Polygons,
    /// A surface of triangles.
    Surface,
    /// A multi line of the edges.
    Edges,
}

/// Returns the Delaunay triangulation of the vertices of a geometry; those closer than a
/// tolerance to another count as one. Heights are those of the vertices, and triangles run
/// anticlockwise.
pub fn delaunay_triangles(
    geometry: Geometry<'_>,
    tolerance: f64,
    output: Triangles,
) -> Result<Vec<u8>, GeometryError> {
    let subdivision = Subdivision::new(sites(geometry), tolerance, Border::Convex, None)?;
    let heights = Heights::new(geometry);
    let mut writer = WkbWriter::new(heights.dimension);
    match output {
        Triangles::Polygons => {
            writer.begin(Kind::GeometryCollection);
            for corners in subdivision.triangles() {
                let [a, b, c] = corners.map(|at| subdivision.position(at));
                heights.write_triangle(&mut writer, Kind::Polygon, [a, c, b]);
            }
        }
        Triangles::Surface => {
            writer.begin(Kind::Tin);
            for corners in subdivision.triangles() {
                let [a, b, c] = corners.map(|at| subdivision.position(at));
                heights.write_triangle(&mut writer, Kind::Triangle, [a, c, b]);
            }
        }
        Triangles::Edges => {
            writer.begin(Kind::MultiLineString);
            for [start, end, ..] in subdivision.edges() {
                let ends = [start, end].map(|at| heights.coord(subdivision.position(at)));
                writer.line(ends);
            }
        }
    }
    writer.end();
    Ok(writer.into_bytes())
}

/// Returns the positions of all vertices.
pub(crate) fn sites(geometry: Geometry<'_>) -> Vec<Xy> {
    let mut sites = Vec::new();
    geometry.coords(|coord| sites.push([coord.x, coord.y]));
    sites
}

/// The heights of the vertices of a geometry, by position.
#[derive(Debug)]
pub(super) struct Heights {
    pub(super) dimension: Dimension,
    heights: HashMap<Key, f64>,
}

impl Heights {
    pub(super) fn new(geometry: Geometry<'_>) -> Self {
        let mut heights = HashMap::new();
        let has_z = geometry.dimension().has_z();
        if has_z {
            geometry.coords(|coord| {
                heights.entry(key([coord.x, coord.y])).or_insert(coord.z);
            });
        }
        Self { dimension: Dimension::new(has_z, false), heights }
    }

    pub(super) fn coord(&self, at: Xy) -> Coord {
        let z = self.heights.get(&key(at)).copied().unwrap_or(f64::NAN);
        Coord::xyz(at[0], at[1], z)
    }

    /// Writes a triangle in the order opposite to that of its corners.
    pub(super) fn write_triangle(&self, writer: &mut WkbWriter, kind: Kind, [a, b, c]: [Xy; 3]) {
        writer.begin(kind);
        writer.ring([a, c, b, a].map(|at| self.coord(at)));
        writer.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planar::orient;
    use crate::wkt;

    fn check(text: &str, tolerance: f64, output: Triangles, expected: &str) {
        let (wkb, _) = wkt::parse(text).unwrap();
        let result =
            delaunay_triangles(Geometry::try_new(&wkb).unwrap(), tolerance, output).unwrap();
        assert_eq!(wkt::format(Geometry::try_new(&result).unwrap(), 15), expected, "{text}");
    }

    #[test]
    fn few_positions_have_few_triangles() {
        for text in ["POINT EMPTY", "POINT(1 1)", "LINESTRING(0 0,1 1,2 2)"] {
            check(text, 0.0, Triangles::Polygons, "GEOMETRYCOLLECTION EMPTY");
        }
        check("MULTIPOINT((0 0),(3 3))", 0.0, Triangles::Edges, "MULTILINESTRING((0 0,3 3))");
        check(
            "MULTIPOINT Z ((0 0 1),(2 0 2),(1 2 3))",
            0.0,
            Triangles::Polygons,
            "GEOMETRYCOLLECTION Z (POLYGON Z ((1 2 3,0 0 1,2 0 2,1 2 3)))",
        );
    }

    #[test]
    fn circles_of_triangles_are_empty() {
        let mut state = 12_345_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            f64::from(u32::try_from(state >> 44).unwrap())
        };
        let sites: Vec<Xy> = (0..200).map(|_| [random() % 97.0, random() % 89.0]).collect();
        let subdivision = Subdivision::new(sites.clone(), 0.0, Border::Convex, None).unwrap();
        let triangles = subdivision.triangles();
        assert!(triangles.len() > 300);
        for corners in triangles {
            let [a, b, c] = corners.map(|corner| subdivision.position(corner));
            assert_eq!(orient(a, b, c), 1);
            assert!(!sites.iter().any(|site| subdivision::is_in_circle([a, b, c], *site)));
        }
    }
}
