//! What the geometries of a join lie on, which says where those can be that are near each other.

use godwit_geometry::geodesic::{self, Figure};
use godwit_geometry::{Bounds, Geometry};

/// What the geometries of a join lie on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surface {
    /// A plane, in which distances have the unit of the ordinates.
    Plane,
    /// The earth: positions are longitudes and latitudes, distances metres.
    Earth(Figure),
}

impl Surface {
    /// Returns a box that holds a geometry; nothing for an empty one.
    pub(crate) fn bounds(self, geometry: Geometry<'_>) -> Option<Bounds> {
        match self {
            Self::Plane => geometry.bounds(),
            Self::Earth(_) => geodesic::bounds(geometry),
        }
    }

    /// Returns boxes that hold everything no further away than a distance from what a box holds.
    #[inline]
    pub(crate) fn near(self, bounds: Bounds, distance: f64) -> impl Iterator<Item = Bounds> {
        let windows = match self {
            Self::Plane if distance == 0.0 => [Some(bounds), None],
            Self::Plane => [Some(bounds.expand(distance)), None],
            Self::Earth(_) => geodesic::near(&bounds, distance),
        };
        windows.into_iter().flatten()
    }
}
