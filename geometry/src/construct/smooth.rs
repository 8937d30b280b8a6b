//! Smooth lines: corners cut off, or curves through the vertices.

use crate::{Coord, Geometry, Kind, Sequence, WkbWriter, to_iso};

/// Returns the geometry with each corner cut off a quarter of the way along its edges, a number of
/// times, after Chaikin.
///
/// Lines keep their ends; rings only keep the position they start at when they are to.
pub fn chaikin_smoothing(geometry: Geometry<'_>, iterations: u32, keep_ends: bool) -> Vec<u8> {
    rewrite(geometry, &|path, is_ring| {
        let mut coords: Vec<Coord> = path.iter().collect();
        for _ in 0..iterations {
            coords = cut_corners(&coords, is_ring, keep_ends || !is_ring);
        }
        coords
    })
}

/// Returns the geometry with curves after Catmull and Rom through its vertices, each of a number
/// of segments; lines and rings of less than four vertices stay.
pub fn catmull_rom_smoothing(geometry: Geometry<'_>, segments: u32) -> Vec<u8> {
    rewrite(geometry, &|path, is_ring| curve(path, segments.max(1), is_ring))
}

fn rewrite(geometry: Geometry<'_>, smooth: &dyn Fn(Sequence<'_>, bool) -> Vec<Coord>) -> Vec<u8> {
    if matches!(geometry.kind(), Kind::Point | Kind::MultiPoint) {
        return to_iso(geometry).into_owned();
    }
    let mut writer = WkbWriter::with_capacity(geometry.dimension(), 2 * geometry.bytes().len());
    write(&mut writer, geometry, smooth);
    writer.into_bytes()
}

fn write(
    writer: &mut WkbWriter,
    geometry: Geometry<'_>,
    smooth: &dyn Fn(Sequence<'_>, bool) -> Vec<Coord>,
) {
    match geometry.kind() {
        Kind::Point => writer.point(geometry.point().unwrap_or(Coord::NAN)),
        Kind::LineString => {
            writer.line(geometry.line().map(|line| smooth(line, false)).unwrap_or_default());
        }
        Kind::Polygon => {
            writer.begin(Kind::Polygon);
            for ring in geometry.rings() {
                writer.ring(smooth(ring, true));
            }
            writer.end();
        }
        kind => {
            writer.begin(kind);
            for part in geometry.parts() {
                write(writer, part, smooth);
            }
            writer.end();
        }
    }
}

fn cut_corners(coords: &[Coord], is_ring: bool, keep_ends: bool) -> Vec<Coord> {
    let (Some(first), Some(last)) = (coords.first(), coords.last()) else { return Vec::new() };
    let mut smooth = Vec::with_capacity(2 * coords.len() + 1);
    if keep_ends {
        smooth.push(*first);
    }
    let edges = coords.len().saturating_sub(1);
    for (index, (from, to)) in coords.iter().zip(coords.iter().skip(1)).enumerate() {
        if !keep_ends || index > 0 {
            smooth.push(combine(*from, *to, |from, to| from + 0.25 * (to - from)));
        }
        if !keep_ends || index + 1 < edges {
            smooth.push(combine(*from, *to, |from, to| to - 0.25 * (to - from)));
        }
    }
    if keep_ends {
        if coords.len() > 1 {
            smooth.push(*last);
        }
    } else if is_ring {
        smooth.extend(smooth.first().copied());
    }
    smooth
}

fn curve(path: Sequence<'_>, segments: u32, is_ring: bool) -> Vec<Coord> {
    let count = if is_ring { path.len().saturating_sub(1) } else { path.len() };
    if count < 4 {
        return path.iter().collect();
    }
    let reflected = |end: usize, next: usize| {
        combine(path.coord(end), path.coord(next), |end, next| 2.0 * end - next)
    };
    let spans = if is_ring { count } else { count - 1 };
    let mut smooth = Vec::new();
    for index in 0..spans {
        let (from, to) = (path.coord(index), path.coord((index + 1) % count));
        let (before, after) = if is_ring {
            (path.coord((index + count - 1) % count), path.coord((index + 2) % count))
        } else {
            (
                if index == 0 { reflected(0, 1) } else { path.coord(index - 1) },
                if index + 2 < count {
                    path.coord(index + 2)
                } else {
                    reflected(count - 1, count - 2)
                },
            )
        };
        smooth.push(from);
        for step in 1..segments {
            let t = f64::from(step) / f64::from(segments);
            smooth.push(between([before, from, to, after], t));
        }
    }
    smooth.extend(path.last());
    smooth
}

/// Returns a position on the curve from the second to the third of four coordinates.
fn between([a, b, c, d]: [Coord; 4], t: f64) -> Coord {
    let on_axis = |a: f64, b: f64, c: f64, d: f64| {
        let (square, cube) = (t * t, t * t * t);
        0.5 * (2.0 * b
            + (c - a) * t
            + (2.0 * a - 5.0 * b + 4.0 * c - d) * square
            + (3.0 * b - a - 3.0 * c + d) * cube)
    };
    Coord {
        x: on_axis(a.x, b.x, c.x, d.x),
        y: on_axis(a.y, b.y, c.y, d.y),
        z: on_axis(a.z, b.z, c.z, d.z),
        m: on_axis(a.m, b.m, c.m, d.m),
    }
}

fn combine(a: Coord, b: Coord, on_axis: impl Fn(f64, f64) -> f64) -> Coord {
    Coord { x: on_axis(a.x, b.x), y: on_axis(a.y, b.y), z: on_axis(a.z, b.z), m: on_axis(a.m, b.m) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn check(smooth: impl Fn(Geometry<'_>) -> Vec<u8>, text: &str, expected: &str) {
        let (wkb, _) = wkt::parse(text).unwrap();
        let smooth = smooth(Geometry::try_new(&wkb).unwrap());
        assert_eq!(wkt::format(Geometry::try_new(&smooth).unwrap(), 6), expected, "{text}");
    }

    #[test]
    fn corners_are_cut() {
        let once = |geometry: Geometry<'_>| chaikin_smoothing(geometry, 1, false);
        check(once, "LINESTRING(0 0,4 0,4 4)", "LINESTRING(0 0,3 0,4 1,4 4)");
        check(once, "LINESTRING Z (0 0 0,4 0 4,4 4 0)", "LINESTRING Z (0 0 0,3 0 3,4 1 3,4 4 0)");
        check(once, "POLYGON((0 0,4 0,0 4,0 0))", "POLYGON((1 0,3 0,3 1,1 3,0 3,0 1,1 0))");
        check(once, "MULTIPOINT((0 0),(1 1))", "MULTIPOINT((0 0),(1 1))");
        check(once, "LINESTRING(0 0,4 0)", "LINESTRING(0 0,4 0)");
        let kept = |geometry: Geometry<'_>| chaikin_smoothing(geometry, 1, true);
        check(kept, "POLYGON((0 0,4 0,0 4,0 0))", "POLYGON((0 0,3 0,3 1,1 3,0 3,0 0))");
    }

    #[test]
    fn curves_go_through_vertices() {
        let halves = |geometry: Geometry<'_>| catmull_rom_smoothing(geometry, 2);
        check(halves, "LINESTRING(0 0,2 0,4 0,6 0)", "LINESTRING(0 0,1 0,2 0,3 0,4 0,5 0,6 0)");
        check(halves, "LINESTRING(0 0,2 2,4 0)", "LINESTRING(0 0,2 2,4 0)");
        check(
            halves,
            "POLYGON((0 0,8 0,8 8,0 8,0 0))",
            "POLYGON((0 0,4 -1,8 0,9 4,8 8,4 9,0 8,-1 4,0 0))",
        );
    }
}
