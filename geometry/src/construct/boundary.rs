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

/// Returns the positions where an odd number of lines end, in the order of the lines.
fn line_ends(geometry: Geometry<'_>) -> Vec<Coord> {
    let mut order = Vec::new();
    let mut counts: HashMap<_, usize> = HashMap::new();
    geometry.sequences(&mut |kind, line| {
        if kind == Kind::LineString && !line.is_closed() {
            for coord in line.first().into_iter().chain(line.last()) {
                let count = counts.entry(key([coord.x, coord.y])).or_default();
                if *count == 0 {
                    order.push(coord);
                }
                *count += 1;
            }
        }
    });
    order.retain(|coord| counts.get(&key([coord.x, coord.y])).is_some_and(|count| count % 2 == 1));
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
fn of_collection(writer: &mut WkbWriter, geometry: Geometry<'_>) {
    let points = line_ends(geometry);
    let mut lines = Vec::new();
    geometry.sequences(&mut |kind, ring| {
        if kind == Kind::Polygon {
            lines.push(ring);
        }
    });
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
    if points.is_empty() && lines.is_empty() {
        writer.empty(Kind::GeometryCollection);
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
