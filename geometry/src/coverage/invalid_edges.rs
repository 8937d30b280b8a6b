//! Where polygons are no coverage.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::polygons_of;
use crate::planar::{
    EdgeTree, Key, Location, Role, Shape, Xy, closest_on_segment, distance_squared, key,
    locate_bytes, on_segment, orient,
};
use crate::{Coord, Dimension, Geometry, GeometryError, Kind, WkbWriter};

/// Returns for each polygon the parts of its border that overlap others or do not match them
/// vertex by vertex; nothing for polygons without such parts.
///
/// With a positive tolerance, parts that run along another polygon closer than that belong to it.
pub fn invalid_edges(
    geometries: &[Option<Geometry<'_>>],
    tolerance: f64,
) -> Result<Vec<Option<Vec<u8>>>, GeometryError> {
    let mut borders = Borders::default();
    for (owner, geometry) in geometries.iter().enumerate() {
        for polygon in geometry.map(polygons_of).transpose()?.into_iter().flatten() {
            borders.add(owner, polygon);
        }
    }
    borders.match_segments();
    borders.compare(tolerance);
    borders.locate(geometries);
    Ok((0..geometries.len()).map(|owner| borders.invalid_of(owner)).collect())
}

/// What is known about a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Unknown,
    /// Another polygon has the same segment on its other side.
    Matched,
    Invalid,
}

/// The borders of all polygons; the interior lies on the right of every path.
#[derive(Default)]
struct Borders {
    shape: Shape,
    /// The owner of each path.
    owners: Vec<usize>,
    /// The path of each coordinate.
    paths: Vec<usize>,
    states: Vec<State>,
}

impl Borders {
    fn add(&mut self, owner: usize, polygon: Geometry<'_>) {
        let rings = Shape::new(polygon);
        for path in &rings.paths {
            let coords = rings.path_coords(path).iter().copied();
            if path.interior_left {
                self.shape.add_path(coords.rev(), Role::Line, 0);
            } else {
                self.shape.add_path(coords, Role::Line, 0);
            }
            self.paths.resize(self.shape.coords.len(), self.owners.len());
            self.owners.push(owner);
        }
        self.states.resize(self.shape.coords.len(), State::Unknown);
    }

    fn owner(&self, segment: usize) -> usize {
        self.owners[self.paths[segment]]
    }

    fn segments(&self) -> impl Iterator<Item = usize> + '_ {
        self.shape.paths.iter().flat_map(crate::planar::Path::segments)
    }

    /// Finds segments that two polygons have on different sides, or on the same one.
    fn match_segments(&mut self) {
        let mut known: HashMap<[Key; 2], Vec<usize>> = HashMap::new();
        for segment in self.segments() {
            let [from, to] = self.shape.segment(segment).map(key);
            let ends = if from <= to { [from, to] } else { [to, from] };
            known.entry(ends).or_default().push(segment);
        }
        for same in known.values().filter(|same| same.len() > 1) {
            for (index, first) in same.iter().enumerate() {
                for second in same.iter().skip(index + 1) {
                    let is_same_side = self.shape.coords[*first] == self.shape.coords[*second];
                    let state = if is_same_side { State::Invalid } else { State::Matched };
                    for segment in [*first, *second] {
                        if self.states[segment] != State::Invalid {
                            self.states[segment] = state;
                        }
                    }
                }
            }
        }
    }

    /// Finds segments that cross those of other polygons, or run along them.
    fn compare(&mut self, tolerance: f64) {
        let tree = EdgeTree::new(&self.shape);
        let mut found = Vec::new();
        if tolerance > 0.0 {
            for segment in self.segments() {
                let mut window = crate::Bounds::NOTHING;
                for [x, y] in self.shape.segment(segment) {
                    window.add(x, y);
                }
                tree.search(&self.shape, &window.expand(tolerance), |other| {
                    if self.is_open(segment, other)
                        && (self.is_invalid(segment, other)
                            || self.runs_along(segment, other, tolerance))
                    {
                        found.push(segment);
                    }
                });
            }
        } else {
            let this = (&self.shape, &tree);
            let _ = EdgeTree::pairs(this, this, &mut |first, second| {
                if self.is_open(first, second) && self.is_invalid(first, second) {
                    found.push(first);
                }
                ControlFlow::Continue(())
            });
        }
        for segment in found {
            self.states[segment] = State::Invalid;
        }
    }

    /// Returns whether a segment has still to be compared with one of another polygon.
    fn is_open(&self, segment: usize, other: usize) -> bool {
        self.states[segment] == State::Unknown && self.owner(segment) != self.owner(other)
    }

    fn is_invalid(&self, segment: usize, other: usize) -> bool {
        let (a, b) = (self.shape.segment(segment), self.shape.segment(other));
        let (b0, b1) = (orient(a[0], a[1], b[0]), orient(a[0], a[1], b[1]));
        let (a0, a1) = (orient(b[0], b[1], a[0]), orient(b[0], b[1], a[1]));
        if b0 * b1 > 0 || a0 * a1 > 0 {
            return false;
        }
        if b0 * b1 < 0 && a0 * a1 < 0 {
            return true;
        }
        let mut shared: Vec<Xy> = Vec::with_capacity(2);
        for (at, edge) in [(a[0], b), (a[1], b), (b[0], a), (b[1], a)] {
            if !shared.contains(&at) && on_segment(at, edge) {
                shared.push(at);
            }
        }
        let [at] = shared.as_slice() else { return shared.len() > 1 };
        if !a.contains(at) || !b.contains(at) {
            return true;
        }
        let away = if a[0] == *at { a[1] } else { a[0] };
        self.is_towards_inside(*at, away, other)
    }

    /// Returns whether a direction from an end of a segment leads into its polygon.
    fn is_towards_inside(&self, at: Xy, to: Xy, segment: usize) -> bool {
        let path = &self.shape.paths[self.paths[segment]];
        let [start, end] = self.shape.segment(segment);
        let (before, after) = if at == start {
            let before = if segment == path.start { path.end - 2 } else { segment - 1 };
            (self.shape.coords[before], end)
        } else {
            let after = if segment + 2 == path.end { path.start + 1 } else { segment + 2 };
            (start, self.shape.coords[after])
        };
        let convex = orient(before, at, after) < 0;
        let (first, second) = (orient(before, at, to) < 0, orient(at, after, to) < 0);
        if convex { first && second } else { first || second }
    }

    /// Returns whether a segment runs along another one closer than a tolerance.
    fn runs_along(&self, segment: usize, other: usize, tolerance: f64) -> bool {
        let (a, b) = (self.shape.segment(segment), self.shape.segment(other));
        let on_b = [closest_on_segment(a[0], b), closest_on_segment(a[1], b)];
        let on_a = [closest_on_segment(b[0], a), closest_on_segment(b[1], a)];
        let length = |[from, to]: [Xy; 2]| distance_squared(from, to).sqrt();
        if length(on_a) <= tolerance || length(on_b) <= tolerance {
            return false;
        }
        let mut far = on_b;
        if length([on_a[0], far[1]]) < length([on_a[0], far[0]]) {
            far.reverse();
        }
        length([on_a[0], far[0]]) <= tolerance && length([on_a[1], far[1]]) <= tolerance
    }

    /// Finds segments inside of other polygons.
    fn locate(&mut self, geometries: &[Option<Geometry<'_>>]) {
        let mut boxes = Shape::default();
        let mut owners = Vec::new();
        for (owner, geometry) in geometries.iter().enumerate() {
            if let Some(bounds) = geometry.and_then(Geometry::bounds) {
                let ends = [[bounds.xmin, bounds.ymin], [bounds.xmax, bounds.ymax]];
                boxes.add_edge(ends[0], ends[1], Role::Line);
                owners.extend([owner; 2]);
            }
        }
        let tree = EdgeTree::new(&boxes);
        let open: Vec<usize> =
            self.segments().filter(|segment| self.states[*segment] == State::Unknown).collect();
        for segment in open {
            let [from, to] = self.shape.segment(segment);
            let middle = [f64::midpoint(from[0], to[0]), f64::midpoint(from[1], to[1])];
            let window = crate::Bounds::point(middle[0], middle[1]);
            let mut is_inside = false;
            tree.search(&boxes, &window, |other| {
                let owner = owners[other];
                is_inside |= owner != self.owner(segment)
                    && geometries[owner].and_then(|geometry| locate_bytes(geometry, middle))
                        == Some(Location::Interior);
            });
            if is_inside {
                self.states[segment] = State::Invalid;
            }
        }
    }

    /// Returns the invalid segments of one owner as lines.
    fn invalid_of(&self, owner: usize) -> Option<Vec<u8>> {
        let mut lines: Vec<Vec<Xy>> = Vec::new();
        for (path, _) in
            self.shape.paths.iter().zip(&self.owners).filter(|(_, other)| **other == owner)
        {
            let mut line: Vec<Xy> = Vec::new();
            for segment in path.segments() {
                if self.states[segment] != State::Invalid {
                    lines.push(std::mem::take(&mut line));
                    continue;
                }
                if line.is_empty() {
                    line.push(self.shape.coords[segment]);
                }
                line.push(self.shape.coords[segment + 1]);
            }
            lines.push(line);
        }
        lines.retain(|line| line.len() > 1);
        let coords =
            |line: &[Xy]| -> Vec<Coord> { line.iter().map(|[x, y]| Coord::xy(*x, *y)).collect() };
        let mut writer = WkbWriter::new(Dimension::Xy);
        match lines.as_slice() {
            [] => return None,
            [line] => writer.line(coords(line)),
            _ => {
                writer.begin(Kind::MultiLineString);
                for line in &lines {
                    writer.line(coords(line));
                }
                writer.end();
            }
        }
        Some(writer.into_bytes())
    }
}
