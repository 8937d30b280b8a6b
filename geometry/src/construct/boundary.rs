//! The boundary and the envelope.

use std::collections::HashMap;

use crate::planar::key;
use crate::{Coord, Dimension, Geometry, Kind, WkbWriter, to_iso, write};

/// Returns the bounding box as a polygon, or as a line or point when it has no extent; an empty
/// geometry as it is.
pub fn envelope(geometry: Geometry<'_>) -> Vec<u8> {
    let Some(bounds) = geometry.bounds() else { return to_iso(geometry).into_owned() };
    let low = Coord::xy(bounds.xmin, bounds.ymin);
    let high = Coord::xy(bounds.xmax, bounds.ymax);
    if bounds.width() == 0.0 && bounds.height() == 0.0 {
        return write::point_xy(low.x, low.y);
    }
    if low.x == high.x || low.y == high.y {
        return write::line_string([low, high], Dimension::Xy);
    }
    let (left, right) = (Coord::xy(low.x, high.y), Coord::xy(high.x, low.y));
    write::polygon([[low, left, high, right, low]], Dimension::Xy)
}

/// Returns the boundary: the ends of lines, the rings of polygons, nothing for points.
///
/// A position where an even number of lines end is no boundary.
pub fn boundary(geometry: Geometry<'_>) -> Vec<u8> {
    let dimension = geometry.dimension();
    match geometry.kind() {
        Kind::Point | Kind::MultiPoint => write::empty(Kind::Point, dimension),
        Kind::LineString | Kind::MultiLineString => ends(geometry, dimension),
        Kind::Polygon | Kind::MultiPolygon => rings(geometry, dimension),
        Kind::GeometryCollection => of_collection(geometry, dimension),
    }
}

fn ends(geometry: Geometry<'_>, dimension: Dimension) -> Vec<u8> {
    let mut writer = WkbWriter::new(dimension);
    writer.begin(Kind::MultiPoint);
    for coord in line_ends(geometry) {
        writer.point(coord);
    }
    writer.end();
    writer.into_bytes()
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

fn rings(geometry: Geometry<'_>, dimension: Dimension) -> Vec<u8> {
    let mut rings = Vec::new();
    geometry.sequences(&mut |kind, ring| {
        if kind == Kind::Polygon {
            rings.push(ring);
        }
    });
    let mut writer = WkbWriter::new(dimension);
    if let [ring] = rings.as_slice() {
        writer.line(ring.iter());
    } else {
        writer.begin(Kind::MultiLineString);
        for ring in rings {
            writer.line(ring.iter());
        }
        writer.end();
    }
    writer.into_bytes()
}

/// The boundaries of the members: the lines together, and the points together.
fn of_collection(geometry: Geometry<'_>, dimension: Dimension) -> Vec<u8> {
    let points = line_ends(geometry);
    let mut lines = Vec::new();
    geometry.sequences(&mut |kind, ring| {
        if kind == Kind::Polygon {
            lines.push(ring);
        }
    });
    let mut writer = WkbWriter::new(dimension);
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
        [line] => writer.line(line.iter()),
        _ => {
            writer.begin(Kind::MultiLineString);
            for line in &lines {
                writer.line(line.iter());
            }
            writer.end();
        }
    }
    if points.is_empty() && lines.is_empty() {
        writer.empty(Kind::GeometryCollection);
    }
    writer.into_bytes()
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
