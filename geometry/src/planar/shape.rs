//! A geometry decoded into rings, lines and points.

use super::Xy;
use crate::{Bounds, Geometry, Kind, Sequence};

/// What a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The exterior ring of a polygon.
    Shell,
    /// An interior ring of a polygon.
    Hole,
    /// A line.
    Line,
}

/// A ring or line: a range of the coordinates of a shape, without repeated positions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path {
    /// The first coordinate.
    pub(crate) start: usize,
    /// The coordinate after the last one.
    pub(crate) end: usize,
    /// What the path is.
    pub(crate) role: Role,
    /// The number of the polygon or multipolygon that a ring belongs to.
    pub(crate) group: usize,
    /// The number of the polygon that a ring belongs to, also within a multipolygon.
    pub(crate) polygon: usize,
    /// Whether the interior of the polygon lies to the left of a ring.
    pub(crate) interior_left: bool,
}

impl Path {
    /// Returns whether the path is a ring of a polygon.
    pub(crate) fn is_ring(&self) -> bool {
        self.role != Role::Line
    }

    /// Returns the segments, each named by the index of its first coordinate.
    pub(crate) fn segments(&self) -> std::ops::Range<usize> {
        self.start..self.end - 1
    }
}

/// A geometry decoded into rings, lines and points.
///
/// Rings are closed; lines and rings that are one position only become points, or nothing. A
/// geometry with an ordinate that is not finite has no place in the plane and becomes an empty shape.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    /// The coordinates of all paths.
    pub(crate) coords: Vec<Xy>,
    /// Rings and lines.
    pub(crate) paths: Vec<Path>,
    /// The path of each coordinate.
    path_of: Vec<u32>,
    /// Points.
    pub(crate) points: Vec<Xy>,
    /// The number of polygons and multipolygons.
    pub(crate) groups: usize,
    /// The number of polygons.
    polygons: usize,
    /// Whether lines and rings that are one position only are nothing.
    drops_collapsed: bool,
}

impl Shape {
    /// Returns the decoded geometry.
    pub(crate) fn new(geometry: Geometry<'_>) -> Self {
        Self::default().filled(geometry)
    }

    /// Returns the decoded geometry without the lines and rings that are one position only.
    pub(crate) fn extended(geometry: Geometry<'_>) -> Self {
        Self { drops_collapsed: true, ..Self::default() }.filled(geometry)
    }

    fn filled(self, geometry: Geometry<'_>) -> Self {
        let mut shape = self;
        shape.add(geometry);
        if shape.coords.iter().chain(&shape.points).flatten().all(|value| value.is_finite()) {
            return shape;
        }
        Self::default()
    }

    /// Returns whether there is nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.points.is_empty()
    }

    /// Returns whether there is a line.
    pub(crate) fn has_lines(&self) -> bool {
        self.paths.iter().any(|path| !path.is_ring())
    }

    /// Returns the box around all parts.
    pub(crate) fn bounds(&self) -> Option<Bounds> {
        let mut bounds = Bounds::NOTHING;
        for [x, y] in self.coords.iter().chain(&self.points) {
            bounds.add(*x, *y);
        }
        (!bounds.is_nothing()).then_some(bounds)
    }

    /// Returns the ends of a segment.
    #[inline]
    pub(crate) fn segment(&self, segment: usize) -> [Xy; 2] {
        [self.coords[segment], self.coords[segment + 1]]
    }

    /// Returns the path of a segment.
    #[inline]
    pub(crate) fn path_of(&self, segment: usize) -> &Path {
        &self.paths[self.path_of[segment] as usize]
    }

    /// Returns the coordinates of a path.
    pub(crate) fn path_coords(&self, path: &Path) -> &[Xy] {
        &self.coords[path.start..path.end]
    }

    /// Adds a ring or line; a ring without extent becomes a point. Holes belong to the polygon of
    /// the last exterior ring.
    pub(crate) fn add_path(
        &mut self,
        coords: impl IntoIterator<Item = Xy>,
        role: Role,
        group: usize,
    ) {
        let start = self.coords.len();
        self.polygons += usize::from(role == Role::Shell);
        for [x, y] in coords {
            // Adding zero makes a negative zero positive, so equal positions have equal bits.
            let coord = [x + 0.0, y + 0.0];
            if self.coords.len() == start || self.coords.last() != Some(&coord) {
                self.coords.push(coord);
            }
        }
        let Some(&first) = self.coords.get(start) else { return };
        if self.coords.len() == start + 1 {
            self.coords.truncate(start);
            if !self.drops_collapsed {
                self.points.push(first);
            }
            return;
        }
        if role != Role::Line && self.coords.last() != Some(&first) {
            self.coords.push(first);
        }
        let end = self.coords.len();
        let is_anticlockwise = signed_area(&self.coords[start..end]) > 0.0;
        let interior_left = is_anticlockwise == (role == Role::Shell);
        let index = u32::try_from(self.paths.len()).unwrap_or(u32::MAX);
        self.path_of.resize(end, index);
        let polygon = self.polygons;
        self.paths.push(Path { start, end, role, group, polygon, interior_left });
    }

    /// Adds a single edge, which may have no length.
    pub(crate) fn add_edge(&mut self, from: Xy, to: Xy, role: Role) {
        let start = self.coords.len();
        self.coords.extend([from, to]);
        let index = u32::try_from(self.paths.len()).unwrap_or(u32::MAX);
        self.path_of.resize(start + 2, index);
        let end = start + 2;
        self.paths.push(Path { start, end, role, group: 0, polygon: 0, interior_left: false });
    }

    /// Adds all parts of another shape; its polygons stay groups of their own.
    pub(crate) fn append(&mut self, other: &Self) {
        let groups = self.groups;
        for path in &other.paths {
            let coords = other.path_coords(path).iter().copied();
            self.add_path(coords, path.role, groups + path.group);
        }
        self.groups = groups + other.groups;
        self.points.extend(&other.points);
    }

    /// Makes every ring a line.
    pub(crate) fn rings_to_lines(&mut self) {
        for path in &mut self.paths {
            path.role = Role::Line;
            path.group = 0;
        }
        self.groups = 0;
    }

    /// Returns the rings alone, as one group.
    pub(crate) fn only_areas(&self) -> Self {
        let mut areas = Self { groups: self.groups.min(1), ..Self::default() };
        for path in self.paths.iter().filter(|path| path.is_ring()) {
            areas.add_path(self.path_coords(path).iter().copied(), path.role, 0);
        }
        areas
    }

    /// Adds a polygon to a group of polygons.
    pub(crate) fn add_polygon<'r>(
        &mut self,
        rings: impl IntoIterator<Item = &'r [Xy]>,
        group: usize,
    ) {
        for (index, ring) in rings.into_iter().enumerate() {
            let role = if index == 0 { Role::Shell } else { Role::Hole };
            self.add_path(ring.iter().copied(), role, group);
        }
        self.groups = self.groups.max(group + 1);
    }

    fn add(&mut self, geometry: Geometry<'_>) {
        match geometry.kind() {
            Kind::Point => {
                let point = geometry.point().map(|coord| [coord.x + 0.0, coord.y + 0.0]);
                self.points.extend(point);
            }
            Kind::LineString => {
                if let Some(line) = geometry.line() {
                    self.add_path(positions(line), Role::Line, 0);
                }
            }
            Kind::Polygon => {
                let group = self.groups;
                self.add_rings(geometry, group);
            }
            Kind::MultiPolygon => {
                let group = self.groups;
                for part in geometry.parts() {
                    self.add_rings(part, group);
                }
            }
            _ => {
                for part in geometry.parts() {
                    self.add(part);
                }
            }
        }
    }

    fn add_rings(&mut self, polygon: Geometry<'_>, group: usize) {
        let before = self.paths.len();
        for (index, ring) in polygon.rings().enumerate() {
            let role = if index == 0 { Role::Shell } else { Role::Hole };
            self.add_path(positions(ring), role, group);
        }
        if self.paths.len() > before {
            self.groups = self.groups.max(group + 1);
        }
    }
}

/// A position as something that can be looked up.
pub(crate) type Key = [u64; 2];

/// Returns the position as something that can be looked up.
#[inline]
pub(crate) fn key([x, y]: Xy) -> Key {
    [(x + 0.0).to_bits(), (y + 0.0).to_bits()]
}

/// Returns the area of a closed ring, positive when it runs anticlockwise.
pub(crate) fn signed_area(ring: &[Xy]) -> f64 {
    let Some(&[x0, y0]) = ring.first() else { return 0.0 };
    let mut sum = 0.0;
    for pair in ring.windows(2) {
        let (x1, y1) = (pair[0][0] - x0, pair[0][1] - y0);
        let (x2, y2) = (pair[1][0] - x0, pair[1][1] - y0);
        sum += x1 * y2 - x2 * y1;
    }
    sum / 2.0
}

fn positions(sequence: Sequence<'_>) -> impl Iterator<Item = Xy> + '_ {
    (0..sequence.len()).map(move |index| sequence.xy(index))
}
