//! Geometries prepared for being compared with many others.
//!
//! [`Index`] is what the preparation computes and does not hold the geometry; [`Prepared`] is the
//! geometry together with its index. [`EdgeRuns`] is a little of it for all polygons of a column.

mod area;
mod grid;
mod index;
mod layout;
mod lines;
mod paths;
mod runs;

pub use index::Index;
pub use runs::EdgeRuns;

use crate::{Bounds, Geometry, GeometryError, Relation};

/// A geometry prepared for being compared with many others.
#[derive(Debug)]
pub struct Prepared {
    wkb: Box<[u8]>,
    index: Index,
}

impl Prepared {
    /// Returns the prepared geometry.
    pub fn new(wkb: &[u8]) -> Result<Self, GeometryError> {
        let geometry = Geometry::try_new(wkb)?;
        Ok(Self { wkb: geometry.bytes().into(), index: Index::detailed(geometry) })
    }

    /// Returns the box around the geometry.
    pub fn bounds(&self) -> Option<Bounds> {
        self.index.bounds()
    }

    /// Returns whether the relation holds between this geometry and another, in this order.
    pub fn evaluate(&self, relation: Relation, other: Geometry<'_>) -> Result<bool, GeometryError> {
        match self.index.decide(relation, other) {
            Some(answer) => Ok(answer),
            None => relation.evaluate(Geometry::try_new(&self.wkb)?, other),
        }
    }

    /// Returns whether the two geometries are no further apart than a distance.
    pub fn dwithin(&self, other: Geometry<'_>, distance: f64) -> Result<bool, GeometryError> {
        Ok(self.index.dwithin(Geometry::try_new(&self.wkb)?, other, distance))
    }

    /// Returns the bytes of memory held.
    pub fn memory_size(&self) -> usize {
        self.wkb.len() + self.index.memory_size()
    }
}

#[cfg(test)]
mod tests;
