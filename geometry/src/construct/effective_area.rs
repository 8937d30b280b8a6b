//! Simplification after Visvalingam and Whyatt: vertices go in the order of the areas they span
//! with their neighbours.

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

/// Returns the effective area of each vertex; the last ones of a minimum get the largest.
fn effective_areas(coords: &[Coord], has_z: bool, minimum: usize) -> Vec<f64> {
    let count = coords.len();
    let mut effective = vec![LARGEST; count];
    if count < 3 {
        return effective;
    }
    let is_end = |index: usize| index == 0 || index + 1 == count;
    let spanned = |[before, at, after]: [usize; 3]| {
        let corner = |index: usize| coords.get(index).copied().unwrap_or(Coord::NAN);
        triangle_area([before, at, after].map(corner), has_z)
    };
    let mut before: Vec<usize> = (0..count).map(|index| index.saturating_sub(1)).collect();
    let mut after: Vec<usize> = (1..=count).collect();
    let area_of = |index: usize| {
        if is_end(index) { LARGEST } else { spanned([index - 1, index, index + 1]) }
    };
    let mut queue = Queue::new((0..count).map(area_of).collect());
    let mut removed = 0;
    while let Some((index, area)) = queue.pop() {
        if is_end(index) || area >= LARGEST {
            break;
        }
        let area = if removed + minimum < count { area } else { LARGEST };
        effective[index] = area;
        removed += 1;
        let (left, right) = (before[index], after[index]);
        after[left] = right;
        before[right] = left;
        for neighbour in [left, right] {
            if !is_end(neighbour) {
                let wider = spanned([before[neighbour], neighbour, after[neighbour]]);
                // A vertex counts at least as much as those that went before it.
                queue.change(neighbour, wider.max(area));
            }
        }
    }
    effective
}

/// Vertices by area, the smallest first.
///
/// Which of equal ones goes first decides what stays of steps and grids. It is a binary heap of
/// vertices that were in the order of their areas, then of the line, and none passes an equal one.
struct Queue {
    areas: Vec<f64>,
    heap: Vec<usize>,
    /// Where each vertex is in the heap.
    places: Vec<usize>,
}

impl Queue {
    fn new(areas: Vec<f64>) -> Self {
        let mut heap: Vec<usize> = (0..areas.len()).collect();
        heap.sort_by(|a, b| areas[*a].total_cmp(&areas[*b]));
        let mut places = vec![0; heap.len()];
        for (place, index) in heap.iter().enumerate() {
            places[*index] = place;
        }
        Self { areas, heap, places }
    }

    /// Takes the first vertex away and returns it with its area.
    fn pop(&mut self) -> Option<(usize, f64)> {
        let last = self.heap.pop()?;
        let Some(top) = self.heap.first_mut() else { return Some((last, self.areas[last])) };
        let first = std::mem::replace(top, last);
        self.places[last] = 0;
        self.sink(0);
        Some((first, self.areas[first]))
    }

    /// Gives a vertex another area.
    fn change(&mut self, index: usize, area: f64) {
        self.areas[index] = area;
        let mut place = self.places[index];
        while place > 0 && self.area_at(place) < self.area_at((place - 1) / 2) {
            self.swap(place, (place - 1) / 2);
            place = (place - 1) / 2;
        }
        self.sink(place);
    }

    /// Moves what is in a place below all that is smaller.
    fn sink(&mut self, mut place: usize) {
        loop {
            let mut smallest = place;
            for child in [2 * place + 1, 2 * place + 2] {
                if child < self.heap.len() && self.area_at(child) < self.area_at(smallest) {
                    smallest = child;
                }
            }
            if smallest == place {
                return;
            }
            self.swap(place, smallest);
            place = smallest;
        }
    }

    fn area_at(&self, place: usize) -> f64 {
        self.areas[self.heap[place]]
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.heap.swap(a, b);
        self.places[self.heap[a]] = a;
        self.places[self.heap[b]] = b;
    }
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
