//! Simplification that lets no lines cross that did not cross before.
//!
//! Each line and ring is simplified after Douglas and Peucker, but a section is only replaced by a
//! segment that meets no other segment of the input or of what is done already, and that has the
//! same other lines on each side.

use std::ops::{Range, RangeInclusive};

use crate::interrupt::is_over_after;
use crate::planar::{
    EdgeTree, Role, Shape, Xy, closest_on_segment, distance_squared, on_segment, orient,
};
use crate::{Bounds, Coord, Geometry, GeometryError, Kind, Sequence, WkbWriter, to_iso};

/// Returns the geometry without vertices that lie within a distance of the simpler line, as long
/// as that changes neither which lines meet nor which rings lie in which.
///
/// Rings keep at least three corners and lines their ends.
pub fn simplify_preserve_topology(
    geometry: Geometry<'_>,
    tolerance: f64,
) -> Result<Vec<u8>, GeometryError> {
    if tolerance < 0.0 || tolerance.is_nan() {
        let reason = "the tolerance must not be negative".to_owned();
        return Err(GeometryError::InvalidArgument { reason });
    }
    let mut input = Input::default();
    input.add(geometry);
    let is_finite = input.shape.coords.iter().flatten().all(|value| value.is_finite());
    if !is_finite || input.lines.is_empty() {
        return Ok(to_iso(geometry).into_owned());
    }
    let mut simplifier = Simplifier::new(&input, tolerance);
    let mut simpler = Vec::with_capacity(input.lines.len());
    for line in &input.lines {
        simpler.push(simplifier.simplify(line));
        simplifier.done += 1;
    }
    let mut writer = WkbWriter::with_capacity(geometry.dimension(), geometry.bytes().len());
    write(&mut writer, geometry, &mut simpler.into_iter());
    Ok(writer.into_bytes())
}

/// A line or ring of the input.
struct Line {
    /// The first of its coordinates in the shape.
    start: usize,
    /// The coordinates without repeated positions.
    coords: Vec<Coord>,
    /// Whether it is a ring of a polygon, which may start anywhere.
    is_ring: bool,
    /// The least number of coordinates that may remain.
    minimum: usize,
    /// Whether it has no extent, and nothing to simplify.
    is_point: bool,
    bounds: Bounds,
}

/// All lines and rings, in the order of the geometry.
#[derive(Default)]
struct Input {
    shape: Shape,
    lines: Vec<Line>,
}

impl Input {
    fn add(&mut self, geometry: Geometry<'_>) {
        match geometry.kind() {
            Kind::LineString => {
                if let Some(line) = geometry.line() {
                    self.add_line(line, false);
                }
            }
            Kind::Polygon => {
                for ring in geometry.rings() {
                    self.add_line(ring, true);
                }
            }
            _ => {
                for part in geometry.parts() {
                    self.add(part);
                }
            }
        }
    }

    fn add_line(&mut self, sequence: Sequence<'_>, is_ring: bool) {
        let mut coords: Vec<Coord> = Vec::with_capacity(sequence.len());
        let mut bounds = Bounds::NOTHING;
        for coord in sequence {
            if coords.last().is_none_or(|last| position(last) != position(&coord)) {
                bounds.add(coord.x, coord.y);
                coords.push(coord);
            }
        }
        let start = self.shape.coords.len();
        let is_point = coords.len() < 2;
        if is_point {
            coords = sequence.iter().collect();
        } else {
            self.shape.add_path(coords.iter().map(position), Role::Line, 0);
        }
        let is_closed = coords.first().map(position) == coords.last().map(position);
        let minimum = if is_closed { 4 } else { 2 };
        let is_ring = is_ring && is_closed;
        self.lines.push(Line { start, coords, is_ring, minimum, is_point, bounds });
    }
}

struct Simplifier<'i> {
    input: &'i Input,
    tree: EdgeTree,
    tolerance: f64,
    /// For each segment of the input, the segment that took its place.
    replaced: Vec<Option<usize>>,
    /// The segments that took the place of others.
    flat: Vec<[Xy; 2]>,
    /// The number of lines that are simplified.
    done: usize,
}

impl<'i> Simplifier<'i> {
    fn new(input: &'i Input, tolerance: f64) -> Self {
        Self {
            input,
            tree: EdgeTree::new(&input.shape),
            tolerance,
            replaced: vec![None; input.shape.coords.len()],
            flat: Vec::new(),
            done: 0,
        }
    }

    /// Returns the coordinates that remain of a line.
    fn simplify(&mut self, line: &Line) -> Vec<Coord> {
        let count = line.coords.len();
        if count < 3 || line.is_point {
            return line.coords.clone();
        }
        let mut kept = vec![0];
        let mut sections = vec![(0, count - 1, 0)];
        while let Some((start, end, depth)) = sections.pop() {
            let depth = depth + 1;
            if end == start + 1 {
                kept.push(end);
                continue;
            }
            let size = if kept.len() > 1 { kept.len() } else { 0 };
            let section = start..end;
            let has_enough = size >= line.minimum || depth + 1 >= line.minimum;
            let (farthest, distance) = line.farthest(start, end);
            if has_enough && distance <= self.tolerance && self.is_free(line, section.clone()) {
                let segment = [line.at(start), line.at(end)];
                self.replace(line, &[section], segment);
                kept.push(end);
                continue;
            }
            sections.push((farthest, end, depth));
            sections.push((start, farthest, depth));
        }
        if line.is_ring && kept.len() > line.minimum {
            self.drop_start(line, &mut kept);
        }
        kept.into_iter().filter_map(|index| line.coords.get(index).copied()).collect()
    }

    /// Takes the coordinate away at which a ring starts and ends, if it can be spared.
    fn drop_start(&mut self, line: &Line, kept: &mut Vec<usize>) {
        let [_, second, .., before, last] = kept.as_slice() else { return };
        let (second, before, last) = (*second, *before, *last);
        let segment = [line.at(before), line.at(second)];
        let start = line.at(0);
        let closest = closest_on_segment(start, segment);
        if distance_squared(start, closest).sqrt() > self.tolerance {
            return;
        }
        let own = [0..second, before..last];
        let section = [before..=last, 1..=second];
        if !on_segment(start, segment) && !self.is_valid(line, &own, &section, segment) {
            return;
        }
        self.replace(line, &own, segment);
        kept.pop();
        if let Some(first) = kept.first_mut() {
            *first = before;
        }
    }

    /// Returns whether a section of a line may become a segment.
    fn is_free(&self, line: &Line, section: Range<usize>) -> bool {
        let segment = [line.at(section.start), line.at(section.end)];
        let vertices = section.start..=section.end;
        self.is_valid(line, &[section], &[vertices], segment)
    }

    /// Returns whether a segment may take the place of segments of a line, which are given as
    /// ranges of segments and of vertices.
    fn is_valid(
        &self,
        line: &Line,
        own: &[Range<usize>],
        section: &[RangeInclusive<usize>],
        segment: [Xy; 2],
    ) -> bool {
        let mut window = Bounds::NOTHING;
        for [x, y] in segment {
            window.add(x, y);
        }
        // A segment is never further from those it replaced than twice the tolerance.
        let window = window.expand(self.tolerance * 2.0);
        let mut is_valid = true;
        self.tree.search(&self.input.shape, &window, |index| {
            if !is_valid {
                return;
            }
            let is_own = index
                .checked_sub(line.start)
                .is_some_and(|index| own.iter().any(|range| range.contains(&index)));
            let other = match self.replaced.get(index).copied().flatten() {
                Some(_) if is_own && own.len() > 1 => return,
                Some(flat) => match self.flat.get(flat).copied() {
                    Some(other) => other,
                    None => return,
                },
                None if is_own => return,
                None => self.input.shape.segment(index),
            };
            is_valid = !is_conflict(segment, other);
        });
        is_valid && !self.has_jump(line, section, segment)
    }

    /// Returns whether another line lies between a section and the segment in its place.
    fn has_jump(&self, line: &Line, section: &[RangeInclusive<usize>], segment: [Xy; 2]) -> bool {
        if is_over_after(self.input.lines.len()) {
            return true;
        }
        let mut bounds = Bounds::NOTHING;
        for [x, y] in segment.into_iter().chain(vertices(line, section)) {
            bounds.add(x, y);
        }
        self.input.lines.iter().enumerate().any(|(index, other)| {
            if std::ptr::eq(other, line) || !bounds.intersects(&other.bounds) {
                return false;
            }
            // Lines often share a start, so that is only a witness for lines that are done.
            let witness = usize::from(index >= self.done);
            let Some(at) = other.coords.get(witness).map(position) else { return false };
            if !bounds.contains_xy(at[0], at[1]) {
                return false;
            }
            let path: Vec<Xy> = vertices(line, section).collect();
            let crossings = path.windows(2).filter(|edge| crosses_ray(at, [edge[0], edge[1]]));
            (crossings.count() + usize::from(crosses_ray(at, segment))) % 2 == 1
        })
    }

    /// Notes that a segment took the place of ranges of segments of a line.
    fn replace(&mut self, line: &Line, ranges: &[Range<usize>], segment: [Xy; 2]) {
        let flat = self.flat.len();
        self.flat.push(segment);
        for index in ranges.iter().cloned().flatten() {
            if let Some(replaced) = self.replaced.get_mut(line.start + index) {
                *replaced = Some(flat);
            }
        }
    }
}

impl Line {
    fn at(&self, index: usize) -> Xy {
        self.coords.get(index).map_or([f64::NAN; 2], position)
    }

    /// Returns the vertex of a section that is farthest from the segment between its ends, and how
    /// far it is.
    fn farthest(&self, start: usize, end: usize) -> (usize, f64) {
        let segment = [self.at(start), self.at(end)];
        let mut best = (start + 1, -1.0);
        if is_over_after(end - start) {
            return best;
        }
        for index in start + 1..end {
            let at = self.at(index);
            let distance = distance_squared(at, closest_on_segment(at, segment));
            if distance > best.1 {
                best = (index, distance);
            }
        }
        (best.0, best.1.max(0.0).sqrt())
    }
}

fn vertices<'l>(
    line: &'l Line,
    section: &'l [RangeInclusive<usize>],
) -> impl Iterator<Item = Xy> + 'l {
    section.iter().cloned().flatten().map(|index| line.at(index))
}

fn position(coord: &Coord) -> Xy {
    [coord.x + 0.0, coord.y + 0.0]
}

/// Returns whether two segments are the same, cross, or one has an end inside of the other.
fn is_conflict(a: [Xy; 2], b: [Xy; 2]) -> bool {
    let is_apart = |axis: usize| {
        a[0][axis].max(a[1][axis]) < b[0][axis].min(b[1][axis])
            || b[0][axis].max(b[1][axis]) < a[0][axis].min(a[1][axis])
    };
    if is_apart(0) || is_apart(1) {
        return false;
    }
    if a == b || (a[0] == b[1] && a[1] == b[0]) {
        return true;
    }
    let is_inside = |at: Xy, edge: [Xy; 2]| at != edge[0] && at != edge[1] && on_segment(at, edge);
    if a.into_iter().any(|at| is_inside(at, b)) || b.into_iter().any(|at| is_inside(at, a)) {
        return true;
    }
    orient(a[0], a[1], b[0]) * orient(a[0], a[1], b[1]) < 0
        && orient(b[0], b[1], a[0]) * orient(b[0], b[1], a[1]) < 0
}

/// Returns whether an edge crosses the ray from a position to the right.
fn crosses_ray(at: Xy, [start, end]: [Xy; 2]) -> bool {
    if (start[1] > at[1]) == (end[1] > at[1]) {
        return false;
    }
    let side = orient(start, end, at);
    if end[1] > start[1] { side > 0 } else { side < 0 }
}

fn write(
    writer: &mut WkbWriter,
    geometry: Geometry<'_>,
    lines: &mut impl Iterator<Item = Vec<Coord>>,
) {
    match geometry.kind() {
        Kind::Point => writer.point(geometry.point().unwrap_or(Coord::NAN)),
        Kind::LineString => writer.line(lines.next().unwrap_or_default()),
        Kind::Polygon => {
            writer.begin(Kind::Polygon);
            for _ in geometry.rings() {
                writer.ring(lines.next().unwrap_or_default());
            }
            writer.end();
        }
        kind => {
            writer.begin(kind);
            for part in geometry.parts() {
                write(writer, part, lines);
            }
            writer.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn check(text: &str, tolerance: f64, expected: &str) {
        let (wkb, _) = wkt::parse(text).unwrap();
        let simpler =
            simplify_preserve_topology(Geometry::try_new(&wkb).unwrap(), tolerance).unwrap();
        assert_eq!(wkt::format(Geometry::try_new(&simpler).unwrap(), 15), expected, "{text}");
    }

    #[test]
    fn rings_stay_rings() {
        check("POLYGON((0 0,1 0,1 1,0 1,0 0))", 100.0, "POLYGON((0 1,1 0,1 1,0 1))");
        check("LINESTRING(0 0,1 1,2 0)", 5.0, "LINESTRING(0 0,2 0)");
        check("LINESTRING Z (0 0 1,1 0.1 2,2 0 3)", 0.5, "LINESTRING Z (0 0 1,2 0 3)");
        check("POLYGON((1 0,2 0,2 2,0 2,0 0,1 0))", 0.1, "POLYGON((0 0,2 0,2 2,0 2,0 0))");
    }

    #[test]
    fn lines_do_not_come_to_cross() {
        check(
            "MULTILINESTRING((0 0,5 4,10 0),(5 1,5 3))",
            10.0,
            "MULTILINESTRING((0 0,5 4,10 0),(5 1,5 3))",
        );
        check(
            "MULTILINESTRING((0 0,5 4,10 0),(5 -1,5 5))",
            10.0,
            "MULTILINESTRING((0 0,5 4,10 0),(5 -1,5 5))",
        );
        check(
            "POLYGON((0 0,5 -3,10 0,10 10,0 10,0 0),(4 -1,6 -1,5 -2,4 -1))",
            4.0,
            "POLYGON((0 0,5 -3,10 0,10 10,0 10,0 0),(4 -1,6 -1,5 -2,4 -1))",
        );
    }

    #[test]
    fn what_has_no_lines_stays() {
        check("MULTIPOINT((0 0),(1 1))", 5.0, "MULTIPOINT((0 0),(1 1))");
        check("POLYGON EMPTY", 5.0, "POLYGON EMPTY");
        check("LINESTRING(1 1,1 1)", 5.0, "LINESTRING(1 1,1 1)");
    }
}
