//! What geometries pass over while they move: lines, walls and bodies.

use crate::planar::{Xy, signed_area};
use crate::{Coord, Dimension, Geometry, Kind, Sequence, WkbWriter};

/// Returns what a geometry passes over in space while it moves by a distance along each axis.
///
/// Points leave lines, and lines surfaces of one face for each edge. Polygons leave the surface
/// around a body, whose faces face outwards.
pub fn extrude(geometry: Geometry<'_>, by: [f64; 3]) -> Vec<u8> {
    let dimension = if geometry.is_empty() { Dimension::Xy } else { Dimension::Xyz };
    let mut writer = WkbWriter::new(dimension);
    Extrusion { by, has_z: geometry.dimension().has_z() }.write(&mut writer, geometry);
    writer.into_bytes()
}

struct Extrusion {
    by: [f64; 3],
    has_z: bool,
}

impl Extrusion {
    fn write(&self, writer: &mut WkbWriter, geometry: Geometry<'_>) {
        match geometry.kind() {
            Kind::Point => {
                let start = geometry.point().map(|at| self.start(at));
                writer.line(start.into_iter().flat_map(|at| [at, self.moved(at)]));
            }
            Kind::LineString => {
                writer.begin(Kind::PolyhedralSurface);
                self.write_walls(writer, geometry);
                writer.end();
            }
            Kind::Polygon => {
                writer.begin(Kind::PolyhedralSurface);
                self.write_body(writer, geometry);
                writer.end();
            }
            Kind::MultiLineString => {
                writer.begin(Kind::PolyhedralSurface);
                geometry.parts().for_each(|line| self.write_walls(writer, line));
                writer.end();
            }
            kind => {
                writer.begin(if kind == Kind::MultiPoint {
                    Kind::MultiLineString
                } else {
                    Kind::GeometryCollection
                });
                geometry.parts().for_each(|part| self.write(writer, part));
                writer.end();
            }
        }
    }

    /// Writes the faces above the edges of a line.
    fn write_walls(&self, writer: &mut WkbWriter, line: Geometry<'_>) {
        let path = line.line().map(|line| self.path(line)).unwrap_or_default();
        for [from, to] in edges(&path) {
            write_face(writer, [from, to, self.moved(to), self.moved(from), from]);
        }
    }

    /// Writes the faces around what a polygon passes over: the bottom, the top and the sides.
    fn write_body(&self, writer: &mut WkbWriter, polygon: Geometry<'_>) {
        let rings: Vec<Vec<Coord>> = polygon
            .rings()
            .enumerate()
            .map(|(index, ring)| self.bottom(ring, index == 0))
            .collect();
        if rings.is_empty() {
            return;
        }
        writer.begin(Kind::Polygon);
        for ring in &rings {
            writer.ring(ring.iter().copied());
        }
        writer.end();
        writer.begin(Kind::Polygon);
        for ring in &rings {
            writer.ring(ring.iter().rev().map(|at| self.moved(*at)));
        }
        writer.end();
        for [from, to] in rings.iter().flat_map(|ring| edges(ring)) {
            write_face(writer, [from, self.moved(from), self.moved(to), to, from]);
        }
    }

    /// Returns a ring as the bottom has it, which is seen from below: the exterior runs clockwise
    /// from above, and holes the other way round.
    fn bottom(&self, ring: Sequence<'_>, is_exterior: bool) -> Vec<Coord> {
        let mut path = self.path(ring);
        let flat: Vec<Xy> = path.iter().map(|at| [at.x, at.y]).collect();
        let rises = self.by[2] > 0.0;
        if (signed_area(&flat) > 0.0) == (rises == is_exterior) {
            path.reverse();
        }
        path
    }

    fn path(&self, path: Sequence<'_>) -> Vec<Coord> {
        path.iter().map(|at| self.start(at)).collect()
    }

    fn start(&self, at: Coord) -> Coord {
        Coord::xyz(at.x, at.y, if self.has_z { at.z } else { 0.0 })
    }

    fn moved(&self, at: Coord) -> Coord {
        Coord::xyz(at.x + self.by[0], at.y + self.by[1], at.z + self.by[2])
    }
}

/// Returns the edges of a path that lead somewhere.
fn edges(path: &[Coord]) -> impl Iterator<Item = [Coord; 2]> + '_ {
    let is_step = |[from, to]: &[Coord; 2]| (from.x, from.y, from.z) != (to.x, to.y, to.z);
    path.iter().zip(path.iter().skip(1)).map(|(from, to)| [*from, *to]).filter(is_step)
}

fn write_face(writer: &mut WkbWriter, ring: [Coord; 5]) {
    writer.begin(Kind::Polygon);
    writer.ring(ring);
    writer.end();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn check(text: &str, by: [f64; 3], expected: &str) {
        let (wkb, _) = wkt::parse(text).unwrap();
        let result = extrude(Geometry::try_new(&wkb).unwrap(), by);
        assert_eq!(wkt::format(Geometry::try_any(&result).unwrap(), 15), expected, "{text}");
    }

    #[test]
    fn geometries_gain_a_dimension() {
        let up = [0.0, 0.0, 2.0];
        check("POINT(1 2)", up, "LINESTRING Z (1 2 0,1 2 2)");
        check("MULTIPOINT(0 0,1 1)", up, "MULTILINESTRING Z ((0 0 0,0 0 2),(1 1 0,1 1 2))");
        check(
            "LINESTRING(0 0,1 0,1 0)",
            up,
            "POLYHEDRALSURFACE Z (((0 0 0,1 0 0,1 0 2,0 0 2,0 0 0)))",
        );
        check("POINT EMPTY", up, "LINESTRING EMPTY");
        check("POLYGON EMPTY", up, "POLYHEDRALSURFACE EMPTY");
    }

    #[test]
    fn the_faces_of_bodies_face_outwards() {
        check(
            "POLYGON Z ((0 0 5,1 0 5,1 1 5,0 0 5))",
            [1.0, 0.0, 2.0],
            "POLYHEDRALSURFACE Z (((0 0 5,1 1 5,1 0 5,0 0 5)),((1 0 7,2 0 7,2 1 7,1 0 7)),\
             ((0 0 5,1 0 7,2 1 7,1 1 5,0 0 5)),((1 1 5,2 1 7,2 0 7,1 0 5,1 1 5)),\
             ((1 0 5,2 0 7,1 0 7,0 0 5,1 0 5)))",
        );
        check(
            "POLYGON((0 0,1 0,1 1,0 0))",
            [0.0, 0.0, -2.0],
            "POLYHEDRALSURFACE Z (((0 0 0,1 0 0,1 1 0,0 0 0)),((0 0 -2,1 1 -2,1 0 -2,0 0 -2)),\
             ((0 0 0,0 0 -2,1 0 -2,1 0 0,0 0 0)),((1 0 0,1 0 -2,1 1 -2,1 1 0,1 0 0)),\
             ((1 1 0,1 1 -2,0 0 -2,0 0 0,1 1 0)))",
        );
    }
}
