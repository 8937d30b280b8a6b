//! The matrix and the ten predicates for geometries as they are stored.

use super::arrangement::BoundaryRule;
use super::matrix::Matrix;
use super::{engine, intersects as meeting};
use crate::planar::{Location, Shape, locate_bytes};
use crate::{Bounds, Geometry, GeometryError, Kind, interrupt};

/// Returns the DE-9IM matrix of two geometries.
pub fn relate(a: Geometry<'_>, b: Geometry<'_>) -> Result<Matrix, GeometryError> {
    relate_with(a, b, BoundaryRule::default())
}

/// Returns the DE-9IM matrix of two geometries with a rule for which ends of lines are boundaries.
pub fn relate_with(
    a: Geometry<'_>,
    b: Geometry<'_>,
    rule: BoundaryRule,
) -> Result<Matrix, GeometryError> {
    guarded(|| engine::matrix(&Shape::new(a), &Shape::new(b), rule, &|_| false))
}

/// Returns whether two geometries share a position.
pub fn intersects(a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
    if !bounds_meet(a, b) {
        return Ok(false);
    }
    if let Some(location) = point_location(a, b).or_else(|| point_location(b, a)) {
        return Ok(location != Location::Exterior);
    }
    guarded(|| meeting::intersects(&Shape::new(a), &Shape::new(b)))
}

/// Returns whether two geometries share no position.
pub fn disjoint(a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
    intersects(a, b).map(|meets| !meets)
}

/// Returns whether the second geometry lies in the first and their interiors meet.
pub fn contains(a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
    if !bounds_contain(a, b) {
        return Ok(false);
    }
    if let Some(location) = point_location(b, a) {
        return Ok(location == Location::Interior);
    }
    decide(a, b, &goes_outside, &Matrix::contains)
}

/// Returns whether the first geometry lies in the second and their interiors meet.
pub fn within(a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
    contains(b, a)
}

/// Returns whether no position of the second geometry lies outside of the first.
pub fn covers(a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
    if !bounds_contain(a, b) {
        return Ok(false);
    }
    if let Some(location) = point_location(b, a) {
        return Ok(location != Location::Exterior);
    }
    decide(a, b, &goes_outside, &Matrix::covers)
}

/// Returns whether no position of the first geometry lies outside of the second.
pub fn covered_by(a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
    covers(b, a)
}

/// Returns whether the second geometry lies in the interior of the first.
pub fn contains_properly(a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
    if !bounds_contain(a, b) {
        return Ok(false);
    }
    if let Some(location) = point_location(b, a) {
        return Ok(location == Location::Interior);
    }
    decide(a, b, &goes_outside, &Matrix::contains_properly)
}

/// Returns whether two geometries meet, but not in their interiors.
pub fn touches(a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
    if !bounds_meet(a, b) {
        return Ok(false);
    }
    if let Some(location) = point_location(a, b).or_else(|| point_location(b, a)) {
        return Ok(location == Location::Boundary);
    }
    decide(a, b, &|matrix| matrix.get(Location::Interior, Location::Interior) >= 0, &|matrix| {
        matrix.touches()
    })
}

/// Returns whether the interiors of two geometries meet in something of smaller dimension than
/// the larger of them, and neither lies in the other.
pub fn crosses(a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
    if !bounds_meet(a, b) {
        return Ok(false);
    }
    let (first, second) = (dimension(a), dimension(b));
    if first == second && first != 1 {
        return Ok(false);
    }
    let decided = |matrix: &Matrix| first != second && matrix.crosses(first, second);
    decide(a, b, &decided, &|matrix| matrix.crosses(first, second))
}

/// Returns whether the interiors of two geometries meet in something of their own dimension, and
/// neither lies in the other.
pub fn overlaps(a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
    let (first, second) = (dimension(a), dimension(b));
    if first != second || !bounds_meet(a, b) {
        return Ok(false);
    }
    let decided = |matrix: &Matrix| matrix.overlaps(first, second);
    decide(a, b, &decided, &|matrix| matrix.overlaps(first, second))
}

/// Returns whether two geometries are the same set of positions; all empty ones are.
pub fn equals(a: Geometry<'_>, b: Geometry<'_>) -> Result<bool, GeometryError> {
    match (a.bounds(), b.bounds()) {
        (None, None) => return Ok(a.is_empty() && b.is_empty()),
        (Some(first), Some(second)) if first == second => {}
        _ => return Ok(false),
    }
    if dimension(a) != dimension(b) {
        return Ok(false);
    }
    let decided = |matrix: &Matrix| {
        use Location::{Boundary, Exterior, Interior};
        [(Interior, Exterior), (Boundary, Exterior), (Exterior, Interior), (Exterior, Boundary)]
            .into_iter()
            .any(|(first, second)| matrix.get(first, second) >= 0)
    };
    decide(a, b, &decided, &Matrix::equals)
}

/// Returns whether the second geometry is known to leave the first.
fn goes_outside(matrix: &Matrix) -> bool {
    matrix.get(Location::Exterior, Location::Interior) >= 0
        || matrix.get(Location::Exterior, Location::Boundary) >= 0
}

fn decide(
    a: Geometry<'_>,
    b: Geometry<'_>,
    decided: &dyn Fn(&Matrix) -> bool,
    predicate: &dyn Fn(&Matrix) -> bool,
) -> Result<bool, GeometryError> {
    guarded(|| {
        let rule = BoundaryRule::default();
        predicate(&engine::matrix(&Shape::new(a), &Shape::new(b), rule, decided))
    })
}

/// Leaves what is computed once nobody waits for it, and turns a panic into an error.
fn guarded<T>(compute: impl FnOnce() -> T) -> Result<T, GeometryError> {
    interrupt::contained_or("the relation of the geometries cannot be computed", compute)
}

/// Returns where a point lies relative to a geometry, if they are a point and no collection.
fn point_location(point: Geometry<'_>, other: Geometry<'_>) -> Option<Location> {
    let coord = point.point()?;
    locate_bytes(other, [coord.x, coord.y])
}

fn bounds_meet(a: Geometry<'_>, b: Geometry<'_>) -> bool {
    match (finite_bounds(a), finite_bounds(b)) {
        (Some(a), Some(b)) => a.intersects(&b),
        _ => false,
    }
}

fn bounds_contain(a: Geometry<'_>, b: Geometry<'_>) -> bool {
    match (finite_bounds(a), finite_bounds(b)) {
        (Some(a), Some(b)) => a.contains(&b),
        _ => false,
    }
}

/// Returns the bounds of a geometry that has a place in the plane.
fn finite_bounds(geometry: Geometry<'_>) -> Option<Bounds> {
    if let Some(point) = geometry.point() {
        let is_finite = point.x.is_finite() && point.y.is_finite();
        return is_finite.then(|| Bounds::point(point.x, point.y));
    }
    let bounds = geometry.bounds()?;
    let corners = [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax];
    corners.iter().all(|corner| corner.is_finite()).then_some(bounds)
}

/// Returns the largest dimension of a part that is not empty.
fn dimension(geometry: Geometry<'_>) -> i8 {
    if geometry.is_empty() {
        return -1;
    }
    match geometry.kind() {
        Kind::Point | Kind::MultiPoint => 0,
        Kind::LineString | Kind::MultiLineString => 1,
        Kind::Polygon | Kind::MultiPolygon => 2,
        _ => geometry.parts().map(dimension).max().unwrap_or(-1),
    }
}
