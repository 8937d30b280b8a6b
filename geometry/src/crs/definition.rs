//! What a reference system means.

use proj_core::{AxisOrder, CrsDef};

use super::plane::Plane;
use super::projjson;

/// What a reference system means, in x, y order.
#[derive(Debug, Clone)]
pub(crate) enum Definition {
    /// A system whose projection the registry's crate computes.
    Registered(CrsDef),
    /// A plane whose projection it does not know.
    Plane(Box<Plane>),
}

impl Definition {
    /// Returns the EPSG code that the definition carries, or 0.
    pub(super) fn epsg(&self) -> u32 {
        match self {
            Self::Registered(definition) => definition.epsg(),
            Self::Plane(_) => 0,
        }
    }

    /// Returns whether coordinates are longitude and latitude.
    pub(super) fn is_geographic(&self) -> bool {
        match self {
            Self::Registered(definition) => {
                definition.horizontal_crs().is_some_and(|crs| crs.is_geographic())
            }
            Self::Plane(_) => false,
        }
    }

    /// Returns whether two definitions mean the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Registered(left), Self::Registered(right)) => {
                left.semantically_equivalent(right) || projjson::is_same(left, right)
            }
            (Self::Plane(left), Self::Plane(right)) => left == right,
            _ => false,
        }
    }

    /// Returns the same with x before y, whatever order the definition declares.
    pub(super) fn in_xy_order(self) -> Self {
        match self {
            Self::Registered(definition) => {
                Self::Registered(definition.with_axis_order(AxisOrder::EastNorth))
            }
            plane @ Self::Plane(_) => plane,
        }
    }
}
