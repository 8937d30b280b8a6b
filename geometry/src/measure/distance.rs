//! How far apart two geometries are, and where.

use crate::planar::{
    EdgeTree, Location, Role, Shape, Xy, distance_squared, locate, locate_bytes,
    segment_distance_squared,
};
use crate::{Coord, Dimension, Geometry, Kind, Sequence, interrupt, write};

/// Returns the smallest distance between two geometries, 0 when they meet; nothing when one of
/// them is empty or has an ordinate that is not finite.
pub fn distance(a: Geometry<'_>, b: Geometry<'_>) -> Option<f64> {
    if let Some(found) = point_distance(a, b).or_else(|| point_distance(b, a)) {
        return found;
    }
    closest(a, b, f64::INFINITY, 0.0).map(|(squared, _)| squared.sqrt())
}

/// Returns whether two geometries are no further apart than a distance.
pub fn dwithin(a: Geometry<'_>, b: Geometry<'_>, distance: f64) -> bool {
    if distance.is_nan() || distance < 0.0 {
        return false;
    }
    let (Some(bounds), Some(other)) = (a.bounds(), b.bounds()) else { return false };
    if !bounds.expand(distance).intersects(&other) {
        return false;
    }
    if let Some(found) = point_distance(a, b).or_else(|| point_distance(b, a)) {
        return found.is_some_and(|found| found <= distance);
    }
    let squared = distance * distance;
    // The limit leaves room for rounding; the exact comparison follows.
    let limit = squared * (1.0 + 1e-12) + f64::MIN_POSITIVE;
    closest(a, b, limit, squared).is_some_and(|(found, _)| found.sqrt() <= distance)
}

/// Returns the point of the first geometry that is closest to the second.
pub fn closest_point(a: Geometry<'_>, b: Geometry<'_>) -> Option<Vec<u8>> {
    let (_, [from, _]) = closest(a, b, f64::INFINITY, 0.0)?;
    Some(write::point_xy(from[0], from[1]))
}

/// Returns the shortest line from the first geometry to the second.
pub fn shortest_line(a: Geometry<'_>, b: Geometry<'_>) -> Option<Vec<u8>> {
    let (_, ends) = closest(a, b, f64::INFINITY, 0.0)?;
    let ends = ends.map(|[x, y]| Coord::xy(x, y));
    Some(write::line_string(ends, Dimension::Xy))
}

/// The parts of a geometry with an index over its edges.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) shape: Shape,
    tree: EdgeTree,
    /// The same with its points as edges without length, if it has any.
    with_points: Option<(Shape, EdgeTree)>,
}

impl Indexed {
    pub(super) fn new(geometry: Geometry<'_>) -> Self {
        let shape = Shape::new(geometry);
        let tree = EdgeTree::new(&shape);
        let with_points = with_points(&shape);
        Self { shape, tree, with_points }
    }

    fn edges(&self) -> (&Shape, &EdgeTree) {
        self.with_points.as_ref().map_or((&self.shape, &self.tree), |(shape, tree)| (shape, tree))
    }

    pub(super) fn closest_from(
        &self,
        from: Geometry<'_>,
        limit: f64,
        enough: f64,
    ) -> Option<(f64, [Xy; 2])> {
        if self.shape.is_empty() {
            return None;
        }
        closest_indexed(&Self::new(from), self, limit, enough)
    }
}

/// Returns the closest positions of two geometries and the square of their distance if it is
/// below a limit; any positions will do that are no further apart than `enough`, squared.
fn closest(a: Geometry<'_>, b: Geometry<'_>, limit: f64, enough: f64) -> Option<(f64, [Xy; 2])> {
    let compute = || closest_indexed(&Indexed::new(a), &Indexed::new(b), limit, enough);
    interrupt::contained(compute).flatten()
}

fn closest_indexed(a: &Indexed, b: &Indexed, limit: f64, enough: f64) -> Option<(f64, [Xy; 2])> {
    if a.shape.is_empty() || b.shape.is_empty() {
        return None;
    }
    let inside =
        inside(&a.shape, &b.shape, &b.tree).or_else(|| inside(&b.shape, &a.shape, &a.tree));
    if let Some(inside) = inside {
        return Some((0.0, [inside; 2]));
    }
    EdgeTree::closest(a.edges(), b.edges(), limit, enough)
}

/// Returns a position of a shape that lies in an area of another one.
///
/// Paths that lie partly inside cross the edges of the area, which is found out later.
fn inside(shape: &Shape, other: &Shape, tree: &EdgeTree) -> Option<Xy> {
    if other.groups == 0 {
        return None;
    }
    let bounds = tree.bounds()?;
    let starts = shape.paths.iter().filter_map(|path| shape.coords.get(path.start));
    starts.chain(&shape.points).copied().find(|at| {
        bounds.contains_xy(at[0], at[1]) && locate(other, tree, *at) != Location::Exterior
    })
}

/// Returns a shape that has points with these as edges without length, so that the index finds
/// them.
fn with_points(shape: &Shape) -> Option<(Shape, EdgeTree)> {
    if shape.points.is_empty() {
        return None;
    }
    let mut shape = shape.clone();
    for point in std::mem::take(&mut shape.points) {
        shape.add_edge(point, point, Role::Line);
    }
    let tree = EdgeTree::new(&shape);
    Some((shape, tree))
}

/// Returns the distance of a point from a geometry that is not a collection: nothing when the
/// first is no point, and then nothing when there is no distance.
#[expect(clippy::option_option, reason = "not applicable and no distance are different answers")]
pub(super) fn point_distance(point: Geometry<'_>, other: Geometry<'_>) -> Option<Option<f64>> {
    if point.kind() != Kind::Point || other.kind() == Kind::GeometryCollection {
        return None;
    }
    let Some(at) = point.point().map(|coord| [coord.x, coord.y]) else { return Some(None) };
    if let Some(to) = other.point() {
        let (dx, dy) = (to.x - at[0], to.y - at[1]);
        return Some(finite((dx * dx + dy * dy).sqrt()));
    }
    if matches!(other.kind(), Kind::Polygon | Kind::MultiPolygon)
        && locate_bytes(other, at).is_some_and(|location| location != Location::Exterior)
    {
        return Some(finite(0.0 * (at[0] + at[1])));
    }
    let mut best = f64::INFINITY;
    let mut is_finite = true;
    other.sequences(&mut |kind, sequence| {
        let squared = sequence_distance(at, sequence, kind == Kind::Polygon);
        is_finite &= squared.is_finite();
        best = best.min(squared);
    });
    Some(if is_finite { finite(best.sqrt()) } else { None })
}

/// Returns the square of the distance from a position to a path; infinite when there is none.
fn sequence_distance(at: Xy, path: Sequence<'_>, is_ring: bool) -> f64 {
    let mut first: Option<Xy> = None;
    let mut previous: Option<Xy> = None;
    let mut best = f64::INFINITY;
    let mut is_finite = true;
    path.for_each_xy(|x, y| {
        is_finite &= x.is_finite() && y.is_finite();
        let next = [x, y];
        if let Some(previous) = previous {
            best = best.min(segment_distance_squared(at, [previous, next]));
        }
        first.get_or_insert(next);
        previous = Some(next);
    });
    if let (Some(first), Some(last)) = (first, previous) {
        if path.len() == 1 {
            best = distance_squared(at, first);
        } else if is_ring && first != last {
            best = best.min(segment_distance_squared(at, [last, first]));
        }
    }
    if is_finite { best } else { f64::INFINITY }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
