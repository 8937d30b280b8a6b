//! Geometries without the parts that are too small to see or that a window does not show.

use super::view::{relevant_line, relevant_ring};
use crate::{Bounds, Coord, Geometry, Kind, Sequence, WkbWriter, to_iso};

/// Returns polygons and lines without the rings and lines that are narrower or lower than a
/// minimum; a minimum that is not positive does not count.
pub fn remove_small_parts(geometry: Geometry<'_>, min_width: f64, min_height: f64) -> Vec<u8> {
    keep(geometry, &|path, _| {
        let mut bounds = Bounds::NOTHING;
        path.for_each_xy(|x, y| bounds.add(x, y));
        let is_small = (min_width > 0.0 && bounds.width() < min_width)
            || (min_height > 0.0 && bounds.height() < min_height);
        if is_small { Vec::new() } else { path.iter().collect() }
    })
}

/// Returns polygons and lines without the vertices that make no difference to what is seen in a
/// window: of runs on one outer side of it only the ends stay, and rings and lines all on one
/// side are gone.
///
/// When edges are drawn straight, corners that are not seen are left out too.
pub fn remove_irrelevant_points(
    geometry: Geometry<'_>,
    window: &Bounds,
    is_straight: bool,
) -> Vec<u8> {
    if geometry.bounds().is_none_or(|bounds| window.contains(&bounds)) {
        return to_iso(geometry).into_owned();
    }
    keep(geometry, &|path, is_ring| {
        let coords: Vec<Coord> = path.iter().collect();
        let relevant = if is_ring { relevant_ring } else { relevant_line };
        relevant(&coords, window, is_straight)
    })
}

/// Returns polygons and lines of what is kept of each ring and line; other kinds as they are.
fn keep(geometry: Geometry<'_>, kept: &dyn Fn(Sequence<'_>, bool) -> Vec<Coord>) -> Vec<u8> {
    let kind = geometry.kind();
    let mut writer = WkbWriter::with_capacity(geometry.dimension(), geometry.bytes().len());
    match kind {
        Kind::LineString => {
            writer.line(geometry.line().map(|line| kept(line, false)).unwrap_or_default());
        }
        Kind::Polygon => {
            write_polygon(&mut writer, &rings(geometry, kept));
        }
        Kind::MultiLineString => {
            writer.begin(kind);
            for line in geometry.parts().filter_map(Geometry::line) {
                let line = kept(line, false);
                if !line.is_empty() {
                    writer.line(line);
                }
            }
            writer.end();
        }
        Kind::MultiPolygon => {
            writer.begin(kind);
            for part in geometry.parts() {
                let rings = rings(part, kept);
                if !rings.is_empty() {
                    write_polygon(&mut writer, &rings);
                }
            }
            writer.end();
        }
        _ => return to_iso(geometry).into_owned(),
    }
    writer.into_bytes()
}

/// Returns what is kept of the rings of a polygon; nothing without its exterior.
fn rings(
    polygon: Geometry<'_>,
    kept: &dyn Fn(Sequence<'_>, bool) -> Vec<Coord>,
) -> Vec<Vec<Coord>> {
    let mut rings = Vec::new();
    for ring in polygon.rings() {
        let ring = kept(ring, true);
        if !ring.is_empty() {
            rings.push(ring);
        } else if rings.is_empty() {
            break;
        }
    }
    rings
}

fn write_polygon(writer: &mut WkbWriter, rings: &[Vec<Coord>]) {
    writer.begin(Kind::Polygon);
    for ring in rings {
        writer.ring(ring.iter().copied());
    }
    writer.end();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn check(change: impl Fn(Geometry<'_>) -> Vec<u8>, text: &str, expected: &str) {
        let (wkb, _) = wkt::parse(text).unwrap();
        let changed = change(Geometry::try_new(&wkb).unwrap());
        assert_eq!(wkt::format(Geometry::try_new(&changed).unwrap(), 6), expected, "{text}");
    }

    #[test]
    fn small_rings_and_lines_vanish() {
        let large = |geometry: Geometry<'_>| remove_small_parts(geometry, 2.0, 0.0);
        check(large, "POLYGON((0 0,9 0,9 9,0 0),(5 1,6 1,6 2,5 1))", "POLYGON((0 0,9 0,9 9,0 0))");
        check(large, "MULTILINESTRING((0 0,1 9),(0 0,2 0))", "MULTILINESTRING((0 0,2 0))");
        check(large, "POLYGON((0 0,1 0,1 1,0 0))", "POLYGON EMPTY");
        check(large, "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))", "MULTIPOLYGON EMPTY");
        check(large, "POINT(1 1)", "POINT(1 1)");
    }

    #[test]
    fn hidden_vertices_vanish() {
        let window = Bounds::new(0.0, 0.0, 10.0, 10.0);
        let seen = |geometry: Geometry<'_>| remove_irrelevant_points(geometry, &window, false);
        check(seen, "LINESTRING(5 5,20 1,30 9,25 3,20 5,5 6)", "LINESTRING(5 5,20 1,20 5,5 6)");
        check(seen, "LINESTRING(20 1,30 5,20 9)", "LINESTRING EMPTY");
        check(seen, "LINESTRING(1 1,2 2,3 3)", "LINESTRING(1 1,2 2,3 3)");
        check(
            seen,
            "POLYGON((20 5,30 8,5 12,5 5,30 2,20 5))",
            "POLYGON((30 8,5 12,5 5,30 2,30 8))",
        );
        let corner = "POLYGON((-9 20,5 20,20 20,20 -9,-9 -9,-9 20))";
        check(seen, corner, "POLYGON((-9 20,20 20,20 -9,-9 -9,-9 20))");
        let straight = |geometry: Geometry<'_>| remove_irrelevant_points(geometry, &window, true);
        check(
            straight,
            "LINESTRING(5 5,5 12,12 12,12 5,9 5)",
            "LINESTRING(5 5,5 12,12 12,12 5,9 5)",
        );
        check(straight, "LINESTRING(5 5,5 12,30 12,30 5,9 5)", "LINESTRING(5 5,5 12,30 5,9 5)");
        check(straight, "POLYGON((-9 5,-9 30,30 30,20 40,-9 5))", "POLYGON EMPTY");
    }
}
