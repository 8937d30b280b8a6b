//! Simplification after Visvalingam and Whyatt: vertices go in the order of the areas they span
//! with their neighbours.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::{Coord, Dimension, Geometry, Kind, Sequence, WkbWriter, to_iso};

/// The area of vertices that always stay, which readers of single precision can hold.
const LARGEST: f64 = f32::MAX as f64;
/// The vertices of a line, and of an exterior ring, that stay in any case.
const LINE_MINIMUM: usize = 2;
const RING_MINIMUM: usize = 4;

/// Returns the geometry without the vertices whose effective area, that of the triangle with
/// their neighbours when it is their turn to go, is below a threshold.
pub fn simplify_vw(geometry: Geometry<'_>, threshold: f64) -> Vec<u8> {
    rewrite(geometry, threshold, false)
}

/// Returns what [`simplify_vw`] does, with the effective areas as measures.
pub fn set_effective_area(geometry: Geometry<'_>, threshold: f64) -> Vec<u8> {
    rewrite(geometry, threshold, true)
}

fn rewrite(geometry: Geometry<'_>, threshold: f64, with_areas: bool) -> Vec<u8> {
    if matches!(geometry.kind(), Kind::Point | Kind::MultiPoint) {
        return to_iso(geometry).into_owned();
    }
    let dimension = geometry.dimension();
    let output = if with_areas { Dimension::new(dimension.has_z(), true) } else { dimension };
    let mut writer = WkbWriter::with_capacity(output, geometry.bytes().len());
    let simplifier = Simplifier { threshold, with_areas };
    simplifier.write(&mut writer, geometry);
    writer.into_bytes()
}

struct Simplifier {
    threshold: f64,
    with_areas: bool,
}

impl Simplifier {
    fn write(&self, writer: &mut WkbWriter, geometry: Geometry<'_>) {
        match geometry.kind() {
            Kind::Point => writer.point(geometry.point().unwrap_or(Coord::NAN)),
            Kind::LineString => {
                let kept = geometry.line().map(|line| self.kept(line, LINE_MINIMUM));
                writer.line(kept.unwrap_or_default());
            }
            Kind::Polygon => {
                writer.begin(Kind::Polygon);
                for (index, ring) in geometry.rings().enumerate() {
                    let kept = self.kept(ring, if index == 0 { RING_MINIMUM } else { 0 });
                    // A hole may collapse, and is gone then.
                    if kept.len() >= RING_MINIMUM {
                        writer.ring(kept);
                    } else if index == 0 {
                        break;
                    }
                }
                writer.end();
            }
            kind => {
                writer.begin(kind);
                for part in geometry.parts() {
                    self.write(writer, part);
                }
                writer.end();
            }
        }
    }

    fn kept(&self, path: Sequence<'_>, minimum: usize) -> Vec<Coord> {
        let coords: Vec<Coord> = path.iter().collect();
        let areas = effective_areas(&coords, path.dimension().has_z(), minimum);
        let kept = coords.into_iter().zip(areas).filter(|(_, area)| *area >= self.threshold);
        kept.map(|(coord, area)| if self.with_areas { Coord { m: area, ..coord } } else { coord })
            .collect()
    }
}

/// An area as something that can be ordered.
#[derive(PartialEq)]
struct Area(f64);

impl Eq for Area {}

impl PartialOrd for Area {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Area {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// Returns the effective area of each vertex; the last ones of a minimum get the largest.
fn effective_areas(coords: &[Coord], has_z: bool, minimum: usize) -> Vec<f64> {
    let count = coords.len();
    let mut areas = vec![LARGEST; count];
    if count < 3 {
        return areas;
    }
    let spanned = |[before, at, after]: [usize; 3]| {
        let corner = |index: usize| coords.get(index).copied().unwrap_or(Coord::NAN);
        triangle_area([before, at, after].map(corner), has_z)
    };
    let mut before: Vec<usize> = (0..count).map(|index| index.saturating_sub(1)).collect();
    let mut after: Vec<usize> = (1..=count).collect();
    let mut queue = BinaryHeap::with_capacity(count);
    for (index, area) in areas.iter_mut().enumerate().take(count - 1).skip(1) {
        *area = spanned([index - 1, index, index + 1]);
        queue.push(Reverse((Area(*area), index)));
    }
    let mut is_gone = vec![false; count];
    let mut removed = 0;
    while let Some(Reverse((Area(area), index))) = queue.pop() {
        if is_gone[index] || area != areas[index] {
            continue;
        }
        is_gone[index] = true;
        if removed + minimum >= count {
            areas[index] = LARGEST;
        }
        removed += 1;
        let (left, right) = (before[index], after[index]);
        after[left] = right;
        before[right] = left;
        for neighbour in [left, right] {
            if neighbour > 0 && neighbour < count - 1 {
                let wider = spanned([before[neighbour], neighbour, after[neighbour]]);
                // A vertex counts at least as much as those that went before it.
                areas[neighbour] = wider.max(areas[index]);
                queue.push(Reverse((Area(areas[neighbour]), neighbour)));
            }
        }
    }
    areas
}

fn triangle_area([a, b, c]: [Coord; 3], has_z: bool) -> f64 {
    let (ux, uy, uz) = (a.x - b.x, a.y - b.y, a.z - b.z);
    let (vx, vy, vz) = (c.x - b.x, c.y - b.y, c.z - b.z);
    let flat = ux * vy - uy * vx;
    if !has_z {
        return (flat / 2.0).abs();
    }
    let (x, y) = (uy * vz - uz * vy, uz * vx - ux * vz);
    (x * x + y * y + flat * flat).sqrt() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn text(wkb: &[u8]) -> String {
        wkt::format(Geometry::try_new(wkb).unwrap(), 3)
    }

    #[test]
    fn small_corners_go_first() {
        for (given, threshold, expected) in [
            ("LINESTRING(0 0,2 1,4 0)", 3.0, "LINESTRING(0 0,4 0)"),
            ("LINESTRING(0 0,2 1,4 0)", 2.0, "LINESTRING(0 0,2 1,4 0)"),
            ("LINESTRING Z (0 0 0,2 0 4,4 0 0)", 3.0, "LINESTRING Z (0 0 0,2 0 4,4 0 0)"),
            ("POLYGON((0 0,9 0,9 9,0 0),(5 1,6 1,6 2,5 1))", 1.0, "POLYGON((0 0,9 0,9 9,0 0))"),
            ("POLYGON((0 0,1 0,1 1,0 1,0 0))", 99.0, "POLYGON((0 0,1 1,0 1,0 0))"),
            ("MULTIPOINT((0 0),(1 1))", 5.0, "MULTIPOINT((0 0),(1 1))"),
            ("LINESTRING EMPTY", 5.0, "LINESTRING EMPTY"),
        ] {
            let (wkb, _) = wkt::parse(given).unwrap();
            assert_eq!(text(&simplify_vw(Geometry::try_new(&wkb).unwrap(), threshold)), expected);
        }
    }

    #[test]
    fn areas_become_measures() {
        let (wkb, _) = wkt::parse("LINESTRING(0 0,2 1,4 0)").unwrap();
        let with_areas = set_effective_area(Geometry::try_new(&wkb).unwrap(), 0.0);
        let mut measures = Vec::new();
        Geometry::try_new(&with_areas).unwrap().coords(|coord| measures.push(coord.m));
        assert_eq!(measures, [LARGEST, 2.0, LARGEST]);
    }
}
