//! Vertices and segments of one geometry drawn to the vertices of another.

use crate::interrupt::is_over_after;
use crate::planar::{Xy, closest_on_segment, distance_squared, key, perpendicular_squared};
use crate::{Coord, Geometry, Kind, WkbWriter};

/// Returns a geometry whose vertices, and then segments, are drawn to the vertices of a reference
/// that are closer than a tolerance.
///
/// A multi geometry of one member becomes that member.
pub fn snap(geometry: Geometry<'_>, reference: Geometry<'_>, tolerance: f64) -> Vec<u8> {
    let mut targets: Vec<Coord> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    reference.coords(|coord| {
        if seen.insert(key([coord.x, coord.y])) {
            targets.push(coord);
        }
    });
    let targets = Targets { coords: targets, tolerance };
    let mut writer = WkbWriter::with_capacity(geometry.dimension(), geometry.bytes().len());
    targets.write(&mut writer, geometry);
    writer.into_bytes()
}

struct Targets {
    coords: Vec<Coord>,
    tolerance: f64,
}

impl Targets {
    fn write(&self, writer: &mut WkbWriter, geometry: Geometry<'_>) {
        match geometry.kind() {
            Kind::Point => {
                let mut coords: Vec<Coord> = geometry.point().into_iter().collect();
                self.draw(&mut coords, false);
                writer.point(coords.first().copied().unwrap_or(Coord::NAN));
            }
            Kind::LineString => {
                let mut coords: Vec<Coord> = geometry.line().into_iter().flatten().collect();
                let is_closed = is_closed(&coords);
                self.draw(&mut coords, is_closed);
                writer.line(coords);
            }
            Kind::Polygon => {
                writer.begin(Kind::Polygon);
                for ring in geometry.rings() {
                    let mut coords: Vec<Coord> = ring.iter().collect();
                    self.draw(&mut coords, true);
                    writer.ring(coords);
                }
                writer.end();
            }
            kind if kind.member().is_some() && geometry.part_count() == 1 => {
                for part in geometry.parts() {
                    self.write(writer, part);
                }
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

    fn draw(&self, coords: &mut Vec<Coord>, is_closed: bool) {
        if coords.is_empty() {
            return;
        }
        let near = self.near(coords);
        for target in &near {
            let end = coords.len() - usize::from(is_closed && coords.len() > 1);
            if let Some(index) = self.vertex_for(&coords[..end], *target) {
                coords[index] = moved(coords[index], *target);
                if index == 0 && is_closed {
                    let last = coords.len() - 1;
                    coords[last] = coords[0];
                }
            }
        }
        for target in &near {
            if let Some(index) = self.segment_for(coords, *target) {
                insert(coords, index, *target, is_closed);
            }
        }
    }

    /// Returns the targets that may be close to a path.
    fn near(&self, coords: &[Coord]) -> Vec<Coord> {
        let mut bounds = crate::Bounds::NOTHING;
        for coord in coords {
            bounds.add(coord.x, coord.y);
        }
        // Vertices that were moved already reach further, by the tolerance once more.
        let bounds = bounds.expand(2.0 * self.tolerance.max(0.0));
        let is_near = |coord: &&Coord| bounds.contains_xy(coord.x, coord.y);
        self.coords.iter().filter(is_near).copied().collect()
    }

    /// Returns the vertex closest to a target, if it is closer than the tolerance.
    fn vertex_for(&self, coords: &[Coord], target: Coord) -> Option<usize> {
        let mut best = None;
        let mut least = self.tolerance;
        if is_over_after(coords.len()) {
            return None;
        }
        for (index, coord) in coords.iter().enumerate() {
            let distance = distance_squared(xy(*coord), xy(target)).sqrt();
            if distance < least {
                (best, least) = (Some(index), distance);
            }
            if distance == 0.0 {
                break;
            }
        }
        best
    }

    /// Returns the segment closest to a target, if it is closer than the tolerance and the target
    /// is no vertex before that.
    fn segment_for(&self, coords: &[Coord], target: Coord) -> Option<usize> {
        let mut best = None;
        let mut least = self.tolerance;
        let target = xy(target);
        if is_over_after(coords.len()) {
            return None;
        }
        for (index, pair) in coords.windows(2).enumerate() {
            let edge = [xy(pair[0]), xy(pair[1])];
            if edge.contains(&target) {
                return None;
            }
            let distance = distance(target, edge);
            if distance < least {
                (best, least) = (Some(index), distance);
            }
            if distance == 0.0 {
                break;
            }
        }
        best
    }
}

/// Adds a target to a segment.
///
/// A target beyond an end of the segment takes the place of that vertex, which is then added to
/// the closer one of the two segments that meet there.
fn insert(coords: &mut Vec<Coord>, segment: usize, target: Coord, is_closed: bool) {
    let [from, to] = [coords[segment], coords[segment + 1]];
    let along = projection(xy(target), [xy(from), xy(to)]);
    let last = coords.len() - 1;
    if along >= 1.0 {
        coords[segment + 1] = moved(to, target);
        if segment + 1 == last {
            if is_closed {
                coords[0] = coords[last];
            }
            coords.insert(last, to);
            return;
        }
        let here = distance(xy(to), [xy(from), xy(target)]);
        let next = distance(xy(to), [xy(target), xy(coords[segment + 2])]);
        coords.insert(if next < here { segment + 2 } else { segment + 1 }, to);
    } else if along <= 0.0 {
        coords[segment] = moved(from, target);
        if segment == 0 {
            if is_closed {
                coords[last] = coords[0];
            }
            coords.insert(1, from);
            return;
        }
        let here = distance(xy(from), [xy(target), xy(to)]);
        let before = distance(xy(from), [xy(coords[segment - 1]), xy(target)]);
        coords.insert(if before < here { segment } else { segment + 1 }, from);
    } else {
        coords.insert(segment + 1, moved(from, target));
    }
}

/// Returns where along a segment, from 0 to 1, a position is projected to.
fn projection(at: Xy, [from, to]: [Xy; 2]) -> f64 {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx * dx + dy * dy;
    if length == 0.0 {
        return 0.0;
    }
    ((at[0] - from[0]) * dx + (at[1] - from[1]) * dy) / length
}

fn distance(at: Xy, edge: [Xy; 2]) -> f64 {
    perpendicular_squared(at, closest_on_segment(at, edge), edge).sqrt()
}

fn xy(coord: Coord) -> Xy {
    [coord.x + 0.0, coord.y + 0.0]
}

fn is_closed(coords: &[Coord]) -> bool {
    coords.len() > 1
        && coords.first().map(|coord| xy(*coord)) == coords.last().map(|coord| xy(*coord))
}

/// Returns the target with the height and measure of the vertex if it has none itself.
fn moved(vertex: Coord, target: Coord) -> Coord {
    Coord {
        z: if target.z.is_nan() { vertex.z } else { target.z },
        m: if target.m.is_nan() { vertex.m } else { target.m },
        ..target
    }
}
