//! Simplification after Douglas and Peucker.

use crate::interrupt::is_over_after;
use crate::planar::{Xy, closest_on_segment, distance_squared};
use crate::{Coord, Geometry, Kind, Sequence, WkbWriter, to_iso};

/// Returns the geometry without the vertices that lie within a distance of the simpler line.
///
/// Polygons and lines that collapse vanish; when nothing remains the answer is nothing. With
/// `preserve_collapsed` the smallest valid ring or line remains instead.
pub fn simplify(
    geometry: Geometry<'_>,
    tolerance: f64,
    preserve_collapsed: bool,
) -> Option<Vec<u8>> {
    if matches!(geometry.kind(), Kind::Point | Kind::MultiPoint) || geometry.is_empty() {
        return Some(to_iso(geometry).into_owned());
    }
    let mut writer = WkbWriter::with_capacity(geometry.dimension(), geometry.bytes().len());
    let simplifier = Simplifier { tolerance: tolerance * tolerance, preserve_collapsed };
    let is_kept = simplifier.write(&mut writer, geometry);
    is_kept.then(|| writer.into_bytes())
}

struct Simplifier {
    /// The square of the tolerance.
    tolerance: f64,
    preserve_collapsed: bool,
}

impl Simplifier {
    /// Writes what remains of a geometry, and returns whether anything does.
    fn write(&self, writer: &mut WkbWriter, geometry: Geometry<'_>) -> bool {
        match geometry.kind() {
            Kind::Point => {
                writer.point(geometry.point().unwrap_or(Coord::NAN));
                true
            }
            Kind::LineString => self.write_line(writer, geometry),
            Kind::Polygon | Kind::Triangle => self.write_polygon(writer, geometry),
            kind => {
                writer.begin(kind);
                let mut count = 0;
                for part in geometry.parts() {
                    count += usize::from(self.write(writer, part));
                }
                writer.end();
                count > 0
            }
        }
    }

    fn write_line(&self, writer: &mut WkbWriter, geometry: Geometry<'_>) -> bool {
        let Some(line) = geometry.line() else { return false };
        if line.len() <= 2 {
            writer.line(line.iter());
            return true;
        }
        let kept = self.kept(line, 2);
        let is_collapsed = match kept.as_slice() {
            [] | [_] => true,
            [first, second] => {
                let (first, second) = (line.coord(*first), line.coord(*second));
                first.x == second.x && first.y == second.y
            }
            _ => false,
        };
        if is_collapsed && !self.preserve_collapsed {
            return false;
        }
        writer.line(kept.into_iter().map(|index| line.coord(index)));
        true
    }

    fn write_polygon(&self, writer: &mut WkbWriter, geometry: Geometry<'_>) -> bool {
        let mut rings = geometry.rings();
        let Some(exterior) = rings.next() else { return false };
        let kept = self.kept(exterior, if self.preserve_collapsed { 4 } else { 0 });
        if kept.len() < 4 {
            return false;
        }
        writer.begin(geometry.kind());
        writer.ring(kept.into_iter().map(|index| exterior.coord(index)));
        for ring in rings {
            let kept = self.kept(ring, 0);
            if kept.len() >= 4 {
                writer.ring(kept.into_iter().map(|index| ring.coord(index)));
            }
        }
        writer.end();
        true
    }

    /// Returns the indexes of the vertices that remain, at least a number of them if there are
    /// so many.
    fn kept(&self, path: Sequence<'_>, minimum: usize) -> Vec<usize> {
        let positions: Vec<Xy> = path.iter().map(|coord| [coord.x, coord.y]).collect();
        let count = positions.len();
        if count < 3 {
            return (0..count).collect();
        }
        let mut is_kept = vec![false; count];
        is_kept[0] = true;
        is_kept[count - 1] = true;
        let mut kept_count = 2;
        let mut spans = vec![(0, count - 1)];
        while let Some((start, end)) = spans.pop() {
            let Some((distance, split)) = farthest(&positions, start, end) else { continue };
            if distance > self.tolerance || kept_count < minimum {
                is_kept[split] = true;
                kept_count += 1;
                spans.push((split, end));
                spans.push((start, split));
            }
        }
        (0..count).filter(|index| is_kept[*index]).collect()
    }
}

/// Returns the vertex between two others that is farthest from the line between them.
fn farthest(positions: &[Xy], start: usize, end: usize) -> Option<(f64, usize)> {
    let edge = [positions[start], positions[end]];
    let mut best: Option<(f64, usize)> = None;
    is_over_after(end - start);
    for (index, at) in positions.iter().enumerate().take(end).skip(start + 1) {
        let distance = distance_squared(*at, closest_on_segment(*at, edge));
        if best.is_none_or(|(most, _)| distance > most) {
            best = Some((distance, index));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn vertices_close_to_the_line_vanish() {
        for (text, tolerance, expected) in [
            (
                "LINESTRING(0 0,0 10,0 51,50 20,30 20,7 32)",
                2.0,
                Some("LINESTRING(0 0,0 51,50 20,30 20,7 32)"),
            ),
            ("LINESTRING(0 0 3,0 10 6,0 51 1)", 2.0, Some("LINESTRING Z (0 0 3,0 51 1)")),
            ("POLYGON((0 0,1 0,1 1,0 1,0 0))", 10.0, None),
            (
                "LINESTRING(0 0,10 0,10 10,5 15,0 10,0 0)",
                5.0,
                Some("LINESTRING(0 0,10 0,5 15,0 0)"),
            ),
            (
                "POLYGON((0 0,0 100,100 100,100 0,0 0),(40 40,40.1 40,40.1 40.1,40 40.1,40 40))",
                1.0,
                Some("POLYGON((0 0,0 100,100 100,100 0,0 0))"),
            ),
            ("MULTIPOINT((10 10),(20 20))", 1.0, Some("MULTIPOINT((10 10),(20 20))")),
            ("POLYGON EMPTY", 1.0, Some("POLYGON EMPTY")),
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let result = simplify(Geometry::try_new(&wkb).unwrap(), tolerance, false);
            let result = result.map(|wkb| wkt::format(Geometry::try_new(&wkb).unwrap(), 15));
            assert_eq!(result.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn collapsed_rings_can_be_preserved() {
        let (wkb, _) = wkt::parse("POLYGON((0 0,1 0,1 1,0 1,0 0))").unwrap();
        let result = simplify(Geometry::try_new(&wkb).unwrap(), 10.0, true).unwrap();
        assert_eq!(Geometry::try_new(&result).unwrap().coord_count(), 4);
    }
}
