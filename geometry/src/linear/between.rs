//! The parts of a geometry whose heights or measures lie in a range.

use super::interpolate;
use crate::edit::{Ordinate, push_distinct};
use crate::{Coord, Dimension, Geometry, Kind, Sequence, to_iso, write};

/// Returns the parts of a geometry in which an ordinate lies between two values, ends included,
/// as a multi geometry or collection. The ordinate is one that the geometry has.
///
/// Lines and rings are cut where they cross the ends of the range. A line that only touches it
/// leaves a point.
pub fn between(geometry: Geometry<'_>, ordinate: Ordinate, [a, b]: [f64; 2]) -> Vec<u8> {
    let range = Range { ordinate, low: a.min(b), high: a.max(b) };
    let found = range.parts(geometry);
    write::collection(found.kind, geometry.dimension(), &found.parts)
}

struct Range {
    ordinate: Ordinate,
    low: f64,
    high: f64,
}

/// Parts, and the kind of geometry that holds them.
struct Found {
    kind: Kind,
    parts: Vec<Vec<u8>>,
}

impl Range {
    fn parts(&self, geometry: Geometry<'_>) -> Found {
        let dimension = geometry.dimension();
        match geometry.kind() {
            Kind::Point => {
                let point = geometry.point().filter(|coord| self.side(*coord) == Some(0));
                let parts = point.into_iter().map(|coord| write::point(coord, dimension)).collect();
                Found { kind: Kind::MultiPoint, parts }
            }
            Kind::MultiPoint => {
                let is_in = |part: &Geometry<'_>| {
                    part.point().is_some_and(|coord| self.side(coord) == Some(0))
                };
                let parts = geometry.parts().filter(is_in).map(|part| to_iso(part).into_owned());
                Found { kind: Kind::MultiPoint, parts: parts.collect() }
            }
            Kind::LineString => self.pieces(geometry.line(), dimension),
            Kind::Polygon => {
                let mut rings = Vec::new();
                for (index, ring) in geometry.rings().enumerate() {
                    let ring = self.clamped(ring);
                    if ring.len() >= 4 {
                        rings.push(ring);
                    } else if index == 0 {
                        break;
                    }
                }
                let polygon = (!rings.is_empty()).then(|| write::polygon(rings, dimension));
                Found { kind: Kind::MultiPolygon, parts: polygon.into_iter().collect() }
            }
            kind => {
                if let (1, Some(only)) = (geometry.part_count(), geometry.parts().next()) {
                    return self.parts(only);
                }
                let mut all = Found { kind, parts: Vec::new() };
                for part in geometry.parts() {
                    let found = self.parts(part);
                    if found.kind != kind {
                        all.kind = Kind::GeometryCollection;
                    }
                    all.parts.extend(found.parts);
                }
                all
            }
        }
    }

    /// Returns the pieces of a line in the range.
    fn pieces(&self, line: Option<Sequence<'_>>, dimension: Dimension) -> Found {
        let mut found = Found { kind: Kind::MultiLineString, parts: Vec::new() };
        let mut open: Vec<Coord> = Vec::new();
        let mut previous: Option<Coord> = None;
        for coord in line.into_iter().flatten() {
            let side = self.side(coord);
            let before = previous.map(|previous| (previous, self.side(previous)));
            match (before, side) {
                (Some((from, Some(-1))), Some(1)) => {
                    let piece =
                        vec![self.at(from, coord, self.low), self.at(from, coord, self.high)];
                    found.parts.push(write::line_string(piece, dimension));
                }
                (Some((from, Some(1))), Some(-1)) => {
                    let piece =
                        vec![self.at(from, coord, self.high), self.at(from, coord, self.low)];
                    found.parts.push(write::line_string(piece, dimension));
                }
                (Some((from, Some(out @ (-1 | 1)))), Some(0)) => {
                    push_distinct(&mut open, self.at(from, coord, self.end(out)));
                    push_distinct(&mut open, coord);
                }
                (_, Some(0)) => push_distinct(&mut open, coord),
                (Some((from, Some(0))), Some(out)) => {
                    push_distinct(&mut open, self.at(from, coord, self.end(out)));
                    found.close(&mut open, dimension);
                }
                _ => found.close(&mut open, dimension),
            }
            previous = Some(coord);
        }
        found.close(&mut open, dimension);
        found
    }

    /// Returns a ring with what leaves the range drawn along its ends.
    fn clamped(&self, ring: Sequence<'_>) -> Vec<Coord> {
        let mut clamped: Vec<Coord> = Vec::with_capacity(ring.len());
        let mut previous: Option<Coord> = None;
        for coord in ring {
            let side = self.side(coord);
            if let Some(from) = previous
                && let (Some(before), Some(after)) = (self.side(from), side)
                && before != after
            {
                if before != 0 {
                    push_distinct(&mut clamped, self.at(from, coord, self.end(before)));
                }
                if after != 0 {
                    push_distinct(&mut clamped, self.at(from, coord, self.end(after)));
                }
            }
            if side == Some(0) {
                push_distinct(&mut clamped, coord);
            }
            previous = Some(coord);
        }
        if clamped.len() > 2
            && let Some(&first) = clamped.first()
        {
            push_distinct(&mut clamped, first);
        }
        clamped
    }

    /// Returns -1 below the range, 1 above it and 0 in it; nothing when the ordinate is NaN.
    fn side(&self, coord: Coord) -> Option<i8> {
        let value = self.ordinate.of(coord);
        if value < self.low {
            Some(-1)
        } else if value > self.high {
            Some(1)
        } else {
            (!value.is_nan()).then_some(0)
        }
    }

    /// Returns the end of the range on a side.
    fn end(&self, side: i8) -> f64 {
        if side < 0 { self.low } else { self.high }
    }

    /// Returns where an edge reaches a value.
    fn at(&self, from: Coord, to: Coord, value: f64) -> Coord {
        let (start, end) = (self.ordinate.of(from), self.ordinate.of(to));
        if value == start {
            return from;
        }
        if value == end {
            return to;
        }
        let coord = interpolate(from, to, (value - start) / (end - start));
        self.ordinate.set(coord, value)
    }
}

impl Found {
    /// Adds the piece that is open; one of a single position is a point.
    fn close(&mut self, open: &mut Vec<Coord>, dimension: Dimension) {
        match open.as_slice() {
            [] => {}
            [only] => {
                self.kind = Kind::GeometryCollection;
                self.parts.push(write::point(*only, dimension));
            }
            _ => self.parts.push(write::line_string(open.iter().copied(), dimension)),
        }
        open.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn lines_are_cut_at_the_ends_of_the_range() {
        for (text, range, expected) in [
            ("LINESTRING M (0 0 0,10 0 10)", [2.0, 4.0], "MULTILINESTRING M ((2 0 2,4 0 4))"),
            (
                "LINESTRING M (0 0 0,10 0 10,20 0 0)",
                [8.0, 2.0],
                "MULTILINESTRING M ((2 0 2,8 0 8),(12 0 8,18 0 2))",
            ),
            (
                "LINESTRING M (0 0 0,10 0 10,20 0 0)",
                [10.0, 12.0],
                "GEOMETRYCOLLECTION M (POINT M (10 0 10))",
            ),
            ("LINESTRING M (0 0 4,5 0 4,10 0 0)", [4.0, 9.0], "MULTILINESTRING M ((0 0 4,5 0 4))"),
            ("LINESTRING M (0 0 0,1 0 1)", [5.0, 6.0], "MULTILINESTRING M EMPTY"),
            (
                "POLYGON M ((0 0 0,0 4 0,4 4 4,4 0 4,0 0 0))",
                [0.0, 2.0],
                "MULTIPOLYGON M (((0 0 0,0 4 0,2 4 2,2 0 2,0 0 0)))",
            ),
            ("MULTIPOINT M ((0 0 1),(1 1 2))", [2.0, 3.0], "MULTIPOINT M ((1 1 2))"),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let found = between(Geometry::try_new(&wkb).unwrap(), Ordinate::M, range);
            assert_eq!(wkt::format(Geometry::try_new(&found).unwrap(), 15), expected, "{text}");
        }
    }
}
