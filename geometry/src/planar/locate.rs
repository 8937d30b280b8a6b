//! Where a position lies relative to a geometry.

use super::{EdgeTree, Shape, Xy, on_segment, orient};
use crate::bounds::xy_of;
use crate::{Geometry, Kind, Sequence};

/// So many positions of a ring are passed over together.
const RUN: usize = 16;

/// Where a position lies relative to a geometry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Location {
    /// In the interior.
    Interior,
    /// On the boundary.
    Boundary,
    /// Outside.
    Exterior,
}

/// The polygons that contain a position: those whose rings are crossed an odd number of times on
/// the way out of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Containers {
    polygons: Vec<usize>,
}

impl Containers {
    /// Goes across a ring of a polygon, into the polygon or out of it.
    pub(crate) fn cross(&mut self, polygon: usize) {
        match self.polygons.iter().position(|known| *known == polygon) {
            Some(index) => {
                self.polygons.swap_remove(index);
            }
            None => self.polygons.push(polygon),
        }
    }

    /// Returns whether there is a polygon.
    pub(crate) fn is_any(&self) -> bool {
        !self.polygons.is_empty()
    }
}

/// Returns where a position lies relative to the areas of a shape.
///
/// Polygons that overlap each other are one area. On the border between two polygons of a
/// collection the answer is the boundary.
pub(crate) fn locate(shape: &Shape, tree: &EdgeTree, p: Xy) -> Location {
    if shape.groups == 0 {
        return Location::Exterior;
    }
    let mut touched = Vec::new();
    let mut around = Containers::default();
    tree.to_the_right(shape, p, |segment| {
        let path = shape.path_of(segment);
        if !path.is_ring() {
            return;
        }
        let edge = shape.segment(segment);
        if on_segment(p, edge) {
            touched.push(path.polygon);
        } else if crosses_ray(p, edge) {
            around.cross(path.polygon);
        }
    });
    around.polygons.retain(|polygon| !touched.contains(polygon));
    if around.is_any() {
        return Location::Interior;
    }
    if touched.is_empty() { Location::Exterior } else { Location::Boundary }
}

/// Returns whether a segment crosses the ray from a position to the right, just above it.
#[inline]
pub(crate) fn crosses_ray(p: Xy, [a, b]: [Xy; 2]) -> bool {
    if (a[1] > p[1]) == (b[1] > p[1]) {
        return false;
    }
    if a[0] < p[0] && b[0] < p[0] {
        return false;
    }
    if a[0] > p[0] && b[0] > p[0] {
        return true;
    }
    let side = orient(a, b, p);
    if b[1] > a[1] { side > 0 } else { side < 0 }
}

/// Returns where a position lies relative to a geometry that is not a collection.
pub(crate) fn locate_bytes(geometry: Geometry<'_>, p: Xy) -> Option<Location> {
    match geometry.kind() {
        Kind::Polygon => Some(in_polygon(geometry, p)),
        Kind::MultiPolygon => {
            let mut location = Location::Exterior;
            for part in geometry.parts() {
                match in_polygon(part, p) {
                    Location::Interior => return Some(Location::Interior),
                    Location::Boundary => location = Location::Boundary,
                    Location::Exterior => {}
                }
            }
            Some(location)
        }
        Kind::LineString => Some(on_lines(geometry.line(), p)),
        Kind::MultiLineString => Some(on_lines(geometry.parts().filter_map(Geometry::line), p)),
        Kind::Point => Some(on_points([geometry], p)),
        Kind::MultiPoint => Some(on_points(geometry.parts(), p)),
        _ => None,
    }
}

fn in_polygon(polygon: Geometry<'_>, p: Xy) -> Location {
    let mut ray = Ray::from(p);
    for ring in polygon.rings() {
        each_edge_at(ring, p[1], |edge| ray.meet(edge));
        if ray.starts_on_edge {
            return Location::Boundary;
        }
    }
    ray.location()
}

/// A ray from a position to the right, just above it, and what it has met of a polygon.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ray {
    from: Xy,
    is_inside: bool,
    starts_on_edge: bool,
}

impl Ray {
    /// Returns the ray from a position, which has met nothing.
    pub(crate) fn from(from: Xy) -> Self {
        Self { from, is_inside: false, starts_on_edge: false }
    }

    /// Notes what an edge of the polygon means for it.
    #[inline]
    pub(crate) fn meet(&mut self, edge: [Xy; 2]) {
        let [[_, y0], [_, y1]] = edge;
        if !(y0.min(y1) <= self.from[1] && self.from[1] <= y0.max(y1)) {
            return;
        }
        self.is_inside ^= crosses_ray(self.from, edge);
        self.starts_on_edge |= on_segment(self.from, edge);
    }

    /// Returns where it starts, once it has met all edges that reach its height.
    pub(crate) fn location(&self) -> Location {
        match (self.starts_on_edge, self.is_inside) {
            (true, _) => Location::Boundary,
            (false, true) => Location::Interior,
            (false, false) => Location::Exterior,
        }
    }
}

/// Calls a function with every edge of a ring that reaches a height, and with some that do not.
///
/// Runs of positions on one side of the height are passed over without looking at their edges.
#[inline]
fn each_edge_at(ring: Sequence<'_>, height: f64, mut visit: impl FnMut([Xy; 2])) {
    let Some([first, records @ ..]) = ring.xy_records() else {
        return each_edge(ring, true, visit);
    };
    let first = xy_of(*first);
    let mut previous = first;
    for run in records.chunks(RUN) {
        let (mut above, mut below) = (0, 0);
        for record in run {
            let [_, y] = xy_of(*record);
            above += usize::from(y > height);
            below += usize::from(y < height);
        }
        let is_passed = (previous[1] > height && above == run.len())
            || (previous[1] < height && below == run.len());
        if is_passed {
            previous = run.last().map_or(previous, |last| xy_of(*last));
            continue;
        }
        for record in run {
            let next = xy_of(*record);
            visit([previous, next]);
            previous = next;
        }
    }
    if previous != first {
        visit([previous, first]);
    }
}

/// A position where an odd number of lines end is on the boundary.
fn on_lines<'a>(lines: impl IntoIterator<Item = Sequence<'a>>, p: Xy) -> Location {
    let mut is_on_line = false;
    let mut ends = 0;
    for line in lines {
        let count = line.len();
        if count == 0 {
            continue;
        }
        if (1..count).all(|index| line.xy(index) == line.xy(0)) {
            is_on_line |= line.xy(0) == p;
            continue;
        }
        ends += usize::from(line.xy(0) == p) + usize::from(line.xy(count - 1) == p);
        each_edge(line, false, |edge| is_on_line |= on_segment(p, edge));
    }
    if ends % 2 == 1 {
        return Location::Boundary;
    }
    if is_on_line { Location::Interior } else { Location::Exterior }
}

fn on_points<'a>(points: impl IntoIterator<Item = Geometry<'a>>, p: Xy) -> Location {
    let mut points = points.into_iter().filter_map(Geometry::point);
    if points.any(|point| [point.x, point.y] == p) {
        return Location::Interior;
    }
    Location::Exterior
}

/// Calls a function with every edge of a path, and the one that closes it if that is asked for and
/// it ends elsewhere than it starts.
#[inline]
pub(crate) fn each_edge(sequence: Sequence<'_>, close: bool, mut visit: impl FnMut([Xy; 2])) {
    let mut first = None;
    let mut previous = None;
    sequence.for_each_xy(|x, y| {
        if let Some(previous) = previous {
            visit([previous, [x, y]]);
        }
        first.get_or_insert([x, y]);
        previous = Some([x, y]);
    });
    if let (true, Some(first), Some(last)) = (close, first, previous)
        && first != last
    {
        visit([last, first]);
    }
}
