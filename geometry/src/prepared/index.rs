//! What preparing a geometry computes.

use super::area::Area;
use super::lines::Lines;
use crate::planar::{Location, distance_squared};
use crate::{Bounds, Geometry, GeometryError, Kind, Relation, measure};

/// Below this magnitude the product of two differences of ordinates is finite.
pub(super) const LARGEST: f64 = 1e150;

/// The cells of a detailed index, at least.
const DETAILED_CELLS: usize = 256;

/// What preparing a geometry computes; the geometry itself is kept elsewhere.
///
/// Answers for points are exact and need the index alone, as do most others; the rest is left to
/// the general algorithms.
#[derive(Debug)]
pub struct Index {
    bounds: Option<Bounds>,
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    Point([f64; 2]),
    Lines(Box<Lines>),
    Area(Area),
    /// What is left to the general algorithms.
    Other,
}

impl Index {
    /// Returns the index of a geometry.
    pub fn new(geometry: Geometry<'_>) -> Self {
        Self::with_cells(geometry, 0)
    }

    /// Returns an index that takes some kilobytes even for a small geometry, and answers faster.
    pub fn detailed(geometry: Geometry<'_>) -> Self {
        Self::with_cells(geometry, DETAILED_CELLS)
    }

    fn with_cells(geometry: Geometry<'_>, least_cells: usize) -> Self {
        let bounds = geometry.bounds().filter(is_finite);
        let shape = match geometry.kind() {
            _ if !bounds.as_ref().is_some_and(is_moderate) => None,
            Kind::Point => geometry.point_xy().map(Shape::Point),
            Kind::LineString | Kind::MultiLineString => {
                Lines::new(geometry).map(|lines| Shape::Lines(Box::new(lines)))
            }
            Kind::Polygon | Kind::MultiPolygon => Area::new(geometry, least_cells).map(Shape::Area),
            _ => None,
        };
        Self { bounds, shape: shape.unwrap_or(Shape::Other) }
    }

    /// Returns the box around the geometry, if it is finite.
    pub fn bounds(&self) -> Option<Bounds> {
        self.bounds
    }

    /// Returns the bytes of memory held.
    pub fn memory_size(&self) -> usize {
        let held = match &self.shape {
            Shape::Lines(lines) => size_of_val(&**lines) + lines.memory_size(),
            Shape::Area(area) => area.memory_size(),
            Shape::Point(_) | Shape::Other => 0,
        };
        size_of::<Self>() + held
    }

    /// Returns whether the relation holds between the indexed geometry and another.
    pub fn evaluate(
        &self,
        own: Geometry<'_>,
        relation: Relation,
        other: Geometry<'_>,
    ) -> Result<bool, GeometryError> {
        match self.decide(relation, other) {
            Some(answer) => Ok(answer),
            None => relation.evaluate(own, other),
        }
    }

    /// Returns whether the indexed geometry and another are no further apart than a distance.
    pub fn dwithin(&self, own: Geometry<'_>, other: Geometry<'_>, distance: f64) -> bool {
        self.decide_dwithin(other, distance)
            .unwrap_or_else(|| measure::dwithin(own, other, distance))
    }

    /// Returns whether the relation holds, if the index alone can say so.
    #[inline]
    pub fn decide(&self, relation: Relation, other: Geometry<'_>) -> Option<bool> {
        if let Some([x, y]) = other.point_xy() {
            return self.decide_xy(relation, x, y);
        }
        let own_bounds = self.bounds?;
        let are_areas = matches!(self.shape, Shape::Area(_))
            && matches!(other.kind(), Kind::Polygon | Kind::MultiPolygon);
        if relation == Relation::Crosses && are_areas {
            return Some(false);
        }
        // What sticks out is not inside, and a look at the start may save one at all the rest.
        let is_inside = matches!(
            relation,
            Relation::Equals | Relation::Contains | Relation::Covers | Relation::ContainsProperly
        );
        if is_inside && let Some([x, y]) = other.start() {
            if !own_bounds.contains_xy(x, y) {
                return Some(false);
            }
            // The corners of equal areas are on each other's boundary.
            let is_elsewhere = || self.locate(x, y).is_some_and(|at| at != Location::Boundary);
            if relation == Relation::Equals && are_areas && is_elsewhere() {
                return Some(false);
            }
        }
        let bounds = other.bounds().filter(is_finite)?;
        if !own_bounds.intersects(&bounds) {
            return Some(relation == Relation::Disjoint);
        }
        match relation {
            Relation::BoundsIntersect => return Some(true),
            Relation::Contains | Relation::Covers | Relation::ContainsProperly
                if !own_bounds.contains(&bounds) =>
            {
                return Some(false);
            }
            Relation::Within | Relation::CoveredBy | Relation::WithinProperly
                if !bounds.contains(&own_bounds) =>
            {
                return Some(false);
            }
            Relation::Equals if own_bounds != bounds => return Some(false),
            _ => {}
        }
        if other.kind() == Kind::MultiPoint {
            return self.decide_points(relation, other);
        }
        if let Shape::Area(area) = &self.shape
            && other.kind() != Kind::GeometryCollection
            && let Some(location) = area.location_of_box(&bounds)
            && !has_nan(other)
        {
            return Some(decide_apart(relation, location));
        }
        match &self.shape {
            Shape::Lines(lines) => lines.decide(relation, other),
            Shape::Area(area) => area.decide(relation, other),
            Shape::Point(_) | Shape::Other => None,
        }
    }

    /// Returns whether the relation holds with the point at a position, if the index can say so.
    #[inline]
    pub fn decide_xy(&self, relation: Relation, x: f64, y: f64) -> Option<bool> {
        if !x.is_finite() || !y.is_finite() {
            return None;
        }
        if relation == Relation::BoundsIntersect {
            return Some(self.bounds?.contains_xy(x, y));
        }
        let location = self.locate(x, y)?;
        let is_point = matches!(self.shape, Shape::Point(_));
        Some(match relation {
            Relation::Within
            | Relation::CoveredBy
            | Relation::WithinProperly
            | Relation::Equals
                if is_point =>
            {
                location == Location::Interior
            }
            _ => has_point(relation, location),
        })
    }

    /// Returns whether the distance is kept, if the index alone can say so.
    pub fn decide_dwithin(&self, other: Geometry<'_>, distance: f64) -> Option<bool> {
        if let Some([x, y]) = other.point_xy() {
            return self.decide_dwithin_xy(x, y, distance);
        }
        if distance.is_nan() || distance < 0.0 {
            return Some(false);
        }
        let bounds = other.bounds().filter(is_finite)?;
        if !self.bounds?.expand(distance).intersects(&bounds) {
            return Some(false);
        }
        let meets = self.decide(Relation::Intersects, other);
        meets.filter(|meets| *meets)
    }

    /// Returns whether the point at a position keeps the distance, if the index can say so.
    #[inline]
    pub fn decide_dwithin_xy(&self, x: f64, y: f64, distance: f64) -> Option<bool> {
        if distance.is_nan() || distance < 0.0 {
            return Some(false);
        }
        let own_bounds = self.bounds?;
        if !x.is_finite() || !y.is_finite() {
            return None;
        }
        if !own_bounds.expand(distance).contains_xy(x, y) {
            return Some(false);
        }
        match &self.shape {
            Shape::Point(own) => Some(distance_squared(*own, [x, y]).sqrt() <= distance),
            Shape::Lines(lines) => Some(lines.grid.comes_close(x, y, distance)),
            Shape::Area(area) => Some(
                area.locate(x, y)? != Location::Exterior || area.grid.comes_close(x, y, distance),
            ),
            Shape::Other => None,
        }
    }

    fn decide_points(&self, relation: Relation, other: Geometry<'_>) -> Option<bool> {
        if !matches!(self.shape, Shape::Area(_)) {
            return None;
        }
        let (mut has_interior, mut has_boundary, mut has_exterior) = (false, false, false);
        for point in other.parts() {
            let Some([x, y]) = point.point_xy() else { continue };
            if !x.is_finite() || !y.is_finite() {
                return None;
            }
            match self.locate(x, y)? {
                Location::Interior => has_interior = true,
                Location::Boundary => has_boundary = true,
                Location::Exterior => has_exterior = true,
            }
        }
        Some(match relation {
            Relation::Intersects | Relation::DWithin => has_interior || has_boundary,
            Relation::Disjoint => !has_interior && !has_boundary,
            Relation::Contains => has_interior && !has_exterior,
            Relation::Covers => !has_exterior,
            Relation::ContainsProperly => !has_exterior && !has_boundary,
            Relation::Touches => has_boundary && !has_interior,
            Relation::Crosses => has_interior && has_exterior,
            Relation::BoundsIntersect => return None,
            Relation::Within
            | Relation::CoveredBy
            | Relation::WithinProperly
            | Relation::Overlaps
            | Relation::Equals => false,
        })
    }

    #[inline]
    fn locate(&self, x: f64, y: f64) -> Option<Location> {
        match &self.shape {
            Shape::Area(area) => area.locate(x, y),
            Shape::Lines(lines) => Some(lines.locate(x, y)),
            Shape::Point(own) if *own == [x, y] => Some(Location::Interior),
            Shape::Point(_) => Some(Location::Exterior),
            Shape::Other => None,
        }
    }
}

/// Returns whether lines or areas have a relation with a point that lies there, their boxes aside.
pub(super) fn has_point(relation: Relation, location: Location) -> bool {
    match relation {
        Relation::Intersects | Relation::Covers | Relation::DWithin => {
            location != Location::Exterior
        }
        Relation::Contains | Relation::ContainsProperly => location == Location::Interior,
        Relation::Disjoint => location == Location::Exterior,
        Relation::Touches => location == Location::Boundary,
        // Only a point lies in a point; lines and areas have more than one position.
        Relation::Within
        | Relation::CoveredBy
        | Relation::WithinProperly
        | Relation::Equals
        | Relation::Crosses
        | Relation::Overlaps
        | Relation::BoundsIntersect => false,
    }
}

/// Returns whether areas have a relation with a geometry that lies wholly in their interior or
/// exterior, and is thus smaller or elsewhere.
fn decide_apart(relation: Relation, location: Location) -> bool {
    let is_inside = location == Location::Interior;
    match relation {
        Relation::Intersects
        | Relation::DWithin
        | Relation::Contains
        | Relation::Covers
        | Relation::ContainsProperly => is_inside,
        Relation::Disjoint => !is_inside,
        Relation::BoundsIntersect => true,
        Relation::Within
        | Relation::CoveredBy
        | Relation::WithinProperly
        | Relation::Touches
        | Relation::Crosses
        | Relation::Overlaps
        | Relation::Equals => false,
    }
}

/// Returns whether an ordinate is NaN, which boxes do not show.
fn has_nan(geometry: Geometry<'_>) -> bool {
    let mut has_nan = false;
    geometry.sequences(&mut |_, sequence| {
        sequence.for_each_xy(|x, y| has_nan |= x.is_nan() || y.is_nan());
    });
    has_nan
}

fn is_finite(bounds: &Bounds) -> bool {
    [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax].iter().all(|bound| bound.is_finite())
}

/// Returns whether products of the coordinates are finite too, as exact signs call for.
fn is_moderate(bounds: &Bounds) -> bool {
    let ordinates = [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax];
    ordinates.iter().all(|ordinate| ordinate.abs() < LARGEST)
}
