//! The boundary and the envelope.

use std::collections::HashMap;

use crate::planar::key;
use crate::{Bounds, Coord, Dimension, Geometry, Kind, WkbWriter, append_iso, write};

/// Returns the bounding box as a polygon, or as a line or point when it has no extent; an empty
/// geometry as it is.
pub fn envelope(geometry: Geometry<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    append_envelope(&mut bytes, geometry);
    bytes
}

/// Appends the bounding box.
#[inline]
pub fn append_envelope(bytes: &mut Vec<u8>, geometry: Geometry<'_>) {
    let Some(bounds) = geometry.bounds() else { return append_iso(bytes, geometry) };
    if bounds.width() == 0.0 && bounds.height() == 0.0 {
        bytes.extend_from_slice(&write::point_xy_array(bounds.xmin, bounds.ymin));
    } else {
        append_box(bytes, &bounds);
    }
}

/// Appends a box that has an extent.
fn append_box(bytes: &mut Vec<u8>, bounds: &Bounds) {
    let low = Coord::xy(bounds.xmin, bounds.ymin);
    let high = Coord::xy(bounds.xmax, bounds.ymax);
    let mut writer = WkbWriter::append_to(std::mem::take(bytes), Dimension::Xy);
    if low.x == high.x || low.y == high.y {
        writer.line([low, high]);
    } else {
        let (left, right) = (Coord::xy(low.x, high.y), Coord::xy(high.x, low.y));
        writer.begin(Kind::Polygon);
        writer.ring([low, left, high, right, low]);
        writer.end();
    }
    *bytes = writer.into_bytes();
}

/// Returns the boundary: the ends of lines, the rings of polygons, nothing for points.
///
/// A position where an even number of lines end is no boundary.
pub fn boundary(geometry: Geometry<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    append_boundary(&mut bytes, geometry);
    bytes
}

/// Appends the boundary.
pub fn append_boundary(bytes: &mut Vec<u8>, geometry: Geometry<'_>) {
    let mut writer = WkbWriter::append_to(std::mem::take(bytes), geometry.dimension());
    match geometry.kind() {
        kind @ (Kind::Point | Kind::MultiPoint) => writer.empty(kind),
        Kind::LineString | Kind::MultiLineString => ends(&mut writer, geometry),
        Kind::MultiPolygon if geometry.is_empty() => writer.empty(Kind::GeometryCollection),
        Kind::Polygon | Kind::MultiPolygon => rings(&mut writer, geometry),
        _ => of_collection(&mut writer, geometry),
    }
    *bytes = writer.into_bytes();
}

fn ends(writer: &mut WkbWriter, geometry: Geometry<'_>) {
    writer.begin(Kind::MultiPoint);
    for coord in line_ends(geometry) {
        writer.point(coord);
    }
    writer.end();
}

/// Returns the positions where an odd number of lines end, in the order of the lines; positions
/// of different heights are different ones.
fn line_ends(geometry: Geometry<'_>) -> Vec<Coord> {
    let mut order = Vec::new();
    let mut counts: HashMap<_, usize> = HashMap::new();
    let place = |coord: &Coord| (key([coord.x, coord.y]), (coord.z + 0.0).to_bits());
    geometry.sequences(&mut |kind, line| {
        let ends = line.first().zip(line.last());
        let Some((from, to)) = ends.filter(|_| kind == Kind::LineString) else { return };
        if place(&from) == place(&to) {
            return;
        }
        for coord in [from, to] {
            let count = counts.entry(place(&coord)).or_default();
            if *count == 0 {
                order.push(coord);
            }
            *count += 1;
        }
    });
    order.retain(|coord| counts.get(&place(coord)).is_some_and(|count| count % 2 == 1));
    order
}

fn rings(writer: &mut WkbWriter, geometry: Geometry<'_>) {
    let mut rings = Vec::new();
    geometry.sequences(&mut |kind, ring| {
        if kind == Kind::Polygon {
            rings.push(ring);
        }
    });
    if let [ring] = rings.as_slice() {
        writer.line_of(*ring);
    } else {
        writer.begin(Kind::MultiLineString);
        for ring in rings {
            writer.line_of(ring);
        }
        writer.end();
    }
}

/// The boundaries of the members: the lines together, and the points together.
///
/// A point has an empty one among points unless it is in a collection that has nothing else.
fn of_collection(writer: &mut WkbWriter, geometry: Geometry<'_>) {
    let mut points = Vec::new();
    member_ends(geometry, &mut points);
    let mut lines = Vec::new();
    geometry.sequences(&mut |kind, ring| {
        if kind == Kind::Polygon {
            lines.push(ring);
        }
    });
    if points.iter().all(|point| point.x.is_nan()) && lines.is_empty() {
        writer.empty(Kind::GeometryCollection);
        return;
    }
    if !points.is_empty() && !lines.is_empty() {
        writer.begin(Kind::GeometryCollection);
    }
    match points.as_slice() {
        [] => {}
        [point] => writer.point(*point),
        _ => {
            writer.begin(Kind::MultiPoint);
            for point in &points {
                writer.point(*point);
            }
            writer.end();
        }
    }
    match lines.as_slice() {
        [] => {}
        [line] => writer.line_of(*line),
        _ => {
            writer.begin(Kind::MultiLineString);
            for line in &lines {
                writer.line_of(*line);
            }
            writer.end();
        }
    }
}

/// Appends the ends of each member on its own, and an absent position for each point.
fn member_ends(geometry: Geometry<'_>, points: &mut Vec<Coord>) {
    for part in geometry.parts() {
        match part.kind() {
            Kind::Point => points.push(Coord::NAN),
            Kind::LineString | Kind::MultiLineString => points.append(&mut line_ends(part)),
            Kind::GeometryCollection => {
                let from = points.len();
                member_ends(part, points);
                // What has an empty boundary does not count.
                if points.iter().skip(from).all(|point| point.x.is_nan()) {
                    points.truncate(from);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn check(construct: fn(Geometry<'_>) -> Vec<u8>, cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            let (wkb, _) = wkt::parse(text).unwrap();
            let result = construct(Geometry::try_new(&wkb).unwrap());
            assert_eq!(wkt::format(Geometry::try_new(&result).unwrap(), 15), *expected, "{text}");
        }
    }

    #[test]
    fn envelopes_are_as_large_as_needed() {
        check(
            envelope,
            &[
                ("LINESTRING(0 0,2 1)", "POLYGON((0 0,0 1,2 1,2 0,0 0))"),
                ("LINESTRING(0 0,0 1)", "LINESTRING(0 0,0 1)"),
                ("POINT(1 1)", "POINT(1 1)"),
                ("POLYGON EMPTY", "POLYGON EMPTY"),
            ],
        );
    }

    #[test]
    fn boundaries_are_one_dimension_lower() {
        check(
            boundary,
            &[
                ("POINT(1 1)", "POINT EMPTY"),
                ("LINESTRING(1 1,0 0,-1 1)", "MULTIPOINT((1 1),(-1 1))"),
                ("LINESTRING(1 1,0 0,1 1)", "MULTIPOINT EMPTY"),
                ("LINESTRING Z (0 0 1,0 9 1,9 9 3,0 0 2)", "MULTIPOINT Z ((0 0 1),(0 0 2))"),
                ("MULTIPOLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY"),
                (
                    "GEOMETRYCOLLECTION(POINT(3 3),LINESTRING(0 0,1 1),LINESTRING(1 1,2 2))",
                    "MULTIPOINT(EMPTY,(0 0),(1 1),(1 1),(2 2))",
                ),
                (
                    "GEOMETRYCOLLECTION(POINT(3 3),POLYGON((0 0,1 1,1 0,0 0)))",
                    "GEOMETRYCOLLECTION(POINT EMPTY,LINESTRING(0 0,1 1,1 0,0 0))",
                ),
                (
                    "GEOMETRYCOLLECTION(LINESTRING(0 0,2 2),GEOMETRYCOLLECTION(POINT(4 4)))",
                    "MULTIPOINT((0 0),(2 2))",
                ),
                ("MULTILINESTRING((10 10,20 20),(20 20,30 30))", "MULTIPOINT((10 10),(30 30))"),
                ("POLYGON((1 1,0 0,-1 1,1 1))", "LINESTRING(1 1,0 0,-1 1,1 1)"),
                (
                    "POLYGON((0 0,0 9,9 9,9 0,0 0),(2 2,2 4,4 4,2 2))",
                    "MULTILINESTRING((0 0,0 9,9 9,9 0,0 0),(2 2,2 4,4 4,2 2))",
                ),
                (
                    "GEOMETRYCOLLECTION(LINESTRING(0 0,3 4),POLYGON((0 0,2 0,2 2,0 2,0 0)))",
                    "GEOMETRYCOLLECTION(MULTIPOINT((0 0),(3 4)),LINESTRING(0 0,2 0,2 2,0 2,0 0))",
                ),
            ],
        );
    }
}
