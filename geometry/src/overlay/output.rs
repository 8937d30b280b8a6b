//! Writes the parts of a result as one geometry.

use super::Rings;
use super::combine::Parts;
use super::elevation::Elevation;
use crate::planar::Xy;
use crate::{Coord, Dimension, Kind, WkbWriter};

/// Returns the parts as one geometry: alone when there is one, as a multi geometry when they are
/// of one kind, else as a collection; an empty geometry of a dimension when there is none.
pub(crate) fn write(parts: &Parts, dimension: i8, elevation: &Elevation) -> Vec<u8> {
    write_in_order([2, 1, 0], parts, dimension, elevation)
}

/// Returns the same with points before lines and lines before polygons, as a union of many
/// geometries has them.
pub(super) fn write_united(parts: &Parts, dimension: i8, elevation: &Elevation) -> Vec<u8> {
    write_in_order([0, 1, 2], parts, dimension, elevation)
}

/// Writes the parts of each dimension in some order.
fn write_in_order(order: [u8; 3], parts: &Parts, dimension: i8, elevation: &Elevation) -> Vec<u8> {
    let mut output = Output { writer: WkbWriter::new(elevation.dimension()), elevation };
    let counts = [parts.polygons.len(), parts.lines.len(), parts.points.len()];
    let kinds = counts.iter().filter(|count| **count > 0).count();
    if kinds == 0 {
        output.writer.empty(match dimension {
            0 => Kind::Point,
            1 => Kind::LineString,
            2 => Kind::Polygon,
            _ => Kind::GeometryCollection,
        });
        return output.writer.into_bytes();
    }
    let multi = match counts {
        _ if kinds > 1 => Some(Kind::GeometryCollection),
        [1, 0, 0] | [0, 1, 0] | [0, 0, 1] => None,
        [0, 0, _] => Some(Kind::MultiPoint),
        [0, _, _] => Some(Kind::MultiLineString),
        _ => Some(Kind::MultiPolygon),
    };
    if let Some(kind) = multi {
        output.writer.begin(kind);
    }
    for dimension in order {
        match dimension {
            2 => parts.polygons.iter().for_each(|polygon| output.polygon(polygon)),
            1 => parts.lines.iter().for_each(|line| output.line(line)),
            _ => parts.points.iter().for_each(|point| output.point(*point)),
        }
    }
    if multi.is_some() {
        output.writer.end();
    }
    output.writer.into_bytes()
}

/// Returns lines as a multi geometry.
pub(crate) fn write_lines(lines: &[Vec<Xy>], elevation: &Elevation) -> Vec<u8> {
    let mut output = Output { writer: WkbWriter::new(elevation.dimension()), elevation };
    output.writer.begin(Kind::MultiLineString);
    for line in lines {
        output.line(line);
    }
    output.writer.end();
    output.writer.into_bytes()
}

/// Returns polygons as one geometry: a polygon when there is one, an empty one when there is none.
pub(crate) fn write_polygons(polygons: &[Rings]) -> Vec<u8> {
    let parts = Parts { polygons: polygons.to_vec(), ..Parts::default() };
    write(&parts, 2, &Elevation::default())
}

struct Output<'e> {
    writer: WkbWriter,
    elevation: &'e Elevation,
}

impl Output<'_> {
    fn polygon(&mut self, rings: &Rings) {
        self.writer.begin(Kind::Polygon);
        for ring in rings {
            let coords: Vec<Coord> = ring.iter().map(|at| self.elevation.coord(*at)).collect();
            self.writer.ring(coords);
        }
        self.writer.end();
    }

    fn point(&mut self, at: Xy) {
        let coord = self.elevation.coord(at);
        self.writer.point(coord);
    }

    fn line(&mut self, line: &[Xy]) {
        let coords: Vec<Coord> = line.iter().map(|at| self.elevation.coord(*at)).collect();
        self.writer.line(coords);
    }
}

impl Elevation {
    /// Returns the dimension of the result.
    pub(crate) fn dimension(&self) -> Dimension {
        if self.has_heights() { Dimension::Xyz } else { Dimension::Xy }
    }
}
