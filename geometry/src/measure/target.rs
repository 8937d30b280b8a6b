//! A geometry whose distance from many others is asked for.

use super::distance::{Indexed, dwithin, point_distance};
use super::near::{Corners, Nearest};
use crate::planar::{Xy, distance_squared};
use crate::prepared::Index;
use crate::{Geometry, Kind, Relation, interrupt, write};

/// A geometry whose distance from many others is asked for.
///
/// The answers are those of the functions for two geometries; between areas of few corners and
/// lines or areas that do not meet them, all corners are looked at, without an index for each.
#[derive(Debug)]
pub struct Target<'a> {
    geometry: Geometry<'a>,
    /// Where the geometry is, if it is a point.
    position: Option<Xy>,
    index: Index,
    corners: Option<Corners>,
    indexed: Option<Indexed>,
}

impl<'a> Target<'a> {
    /// Returns a geometry prepared for distances.
    pub fn new(geometry: Geometry<'a>) -> Self {
        let is_area = matches!(geometry.kind(), Kind::Polygon | Kind::MultiPolygon);
        Self {
            geometry,
            position: geometry.point_xy(),
            index: Index::detailed(geometry),
            corners: if is_area { Corners::new(geometry) } else { None },
            indexed: interrupt::contained(|| Indexed::new(geometry)),
        }
    }

    /// Returns the distance of another geometry, as [`distance`](super::distance) does.
    #[inline]
    pub fn distance(&self, from: Geometry<'_>) -> Option<f64> {
        if let Some(at) = from.point_xy() {
            let squared = match (self.position, &self.corners) {
                (Some(own), _) => distance_squared(own, at),
                (None, Some(corners)) => corners.distance_squared(at),
                (None, None) => f64::NAN,
            };
            if squared.is_finite() {
                return Some(squared.sqrt());
            }
        }
        self.distance_of_any(from)
    }

    fn distance_of_any(&self, from: Geometry<'_>) -> Option<f64> {
        let own = self.geometry;
        if let Some(found) = point_distance(from, own).or_else(|| point_distance(own, from)) {
            return found;
        }
        match self.nearest(from) {
            Some(None) => Some(0.0),
            Some(Some(nearest)) => Some(nearest.squared.sqrt()),
            None => {
                let found = self.compute(|own| own.closest_from(from, f64::INFINITY, 0.0));
                found.map(|(squared, _)| squared.sqrt())
            }
        }
    }

    /// Returns whether another geometry is no further away than a distance, as
    /// [`dwithin`](super::dwithin) does.
    pub fn dwithin(&self, from: Geometry<'_>, distance: f64) -> bool {
        if from.kind() == Kind::Point
            && let Some(answer) = self.index.decide_dwithin(from, distance)
        {
            return answer;
        }
        if let (Some(own), Some(bounds)) = (self.index.bounds(), from.bounds())
            && !own.expand(distance).intersects(&bounds)
        {
            return false;
        }
        match self.nearest(from) {
            Some(None) => distance >= 0.0,
            Some(Some(nearest)) => nearest.squared.sqrt() <= distance,
            None => dwithin(self.geometry, from, distance),
        }
    }

    /// Appends the point of another geometry that is closest to this one, as
    /// [`closest_point`](super::closest_point) returns it.
    pub fn append_closest_point(&self, bytes: &mut Vec<u8>, of: Geometry<'_>) -> Option<()> {
        let is_empty = self.indexed.as_ref().is_none_or(|own| own.shape.is_empty());
        let [x, y] = if let (Some([x, y]), false) = (of.point_xy(), is_empty) {
            // A point is itself the closest.
            (x.is_finite() && y.is_finite()).then_some([x + 0.0, y + 0.0])?
        } else if let Some(Some(Nearest { at: Some(at), .. })) = self.nearest(of) {
            at
        } else {
            let closest = self.compute(|own| own.closest_from(of, f64::INFINITY, 0.0));
            closest.map(|(_, [from, _])| from)?
        };
        bytes.extend_from_slice(&write::point_xy_array(x, y));
        Some(())
    }

    /// Returns the nearest position of a geometry that lies apart from this one, nothing when they
    /// meet; nothing at all when that cannot be told quickly.
    #[expect(clippy::option_option, reason = "to meet and not to know are different answers")]
    fn nearest(&self, from: Geometry<'_>) -> Option<Option<Nearest>> {
        let corners = self.corners.as_ref()?;
        let is_path = matches!(
            from.kind(),
            Kind::LineString | Kind::MultiLineString | Kind::Polygon | Kind::MultiPolygon
        );
        if !is_path {
            return None;
        }
        if self.index.decide(Relation::Intersects, from)? {
            return Some(None);
        }
        corners.nearest(from).map(Some)
    }

    fn compute<T>(&self, answer: impl Fn(&Indexed) -> Option<T>) -> Option<T> {
        let own = self.indexed.as_ref()?;
        interrupt::contained(|| answer(own)).flatten()
    }
}
