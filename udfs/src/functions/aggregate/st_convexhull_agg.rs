//! `ST_ConvexHull_Agg`: the convex hull of all geometries.

use godwit_geometry::{Dimension, Geometry, GeometryError, Kind, construct, write};

use crate::aggregate::{Accumulation, Aggregate, Running};
use crate::function::Parity;
use crate::options::Options;

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_ConvexHull_Agg",
    summary: "Returns the smallest convex geometry around all geometries; null when there are \
              none.",
    notes: "Nulls are left out. The hull of positions on one line is a line, of a single position \
            a point. It is found as rows come, so their number does not matter.",
    example: "SELECT ST_AsText(ST_ConvexHull_Agg(geom)) FROM (VALUES (ST_Point(0, 0)), \
              (ST_Point(2, 0)), (ST_Point(0, 2)), (ST_Point(0.5, 0.5))) AS t(geom)",
    parity: Parity::Extension(
        "As in SedonaDB; PostGIS has ST_ConvexHull(ST_Collect(geom)) for it.",
    ),
    accumulation: Accumulation::running::<Hull>(),
    ..Aggregate::BASE
};

/// How many positions wait before all but the corners are dropped.
const WAITING: usize = 4096;

/// The corners so far and positions that came since.
#[derive(Debug, Default)]
struct Hull {
    positions: Vec<[f64; 2]>,
    corner_count: usize,
    /// The kind of the first geometry, for a hull of nothing.
    first: Option<Kind>,
}

impl Hull {
    fn tighten(&mut self) {
        if self.positions.len() > self.corner_count {
            self.positions = construct::hull_corners(std::mem::take(&mut self.positions));
            self.corner_count = self.positions.len();
        }
    }
}

impl Running for Hull {
    fn start(_options: &Options) -> Result<Self, GeometryError> {
        Ok(Self::default())
    }

    fn add(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        self.first.get_or_insert(geometry.kind());
        let known = self.positions.len();
        geometry.coords(|coord| self.positions.push([coord.x, coord.y]));
        let is_finite = |[x, y]: &[f64; 2]| x.is_finite() && y.is_finite();
        if !self.positions.iter().skip(known).all(is_finite) {
            // Such a geometry has no place in the plane.
            self.positions.truncate(known);
        }
        if self.positions.len() > WAITING.max(2 * self.corner_count) {
            self.tighten();
        }
        Ok(())
    }

    fn merge(&mut self, state: &[u8]) -> Result<(), GeometryError> {
        self.add(Geometry::try_new(state)?)
    }

    fn state(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        self.finish()
    }

    fn finish(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        self.tighten();
        let hull = construct::hull_of_corners(&self.positions);
        Ok(hull.or_else(|| self.first.map(|kind| write::empty(kind, Dimension::Xy))))
    }

    fn size(&self) -> usize {
        self.positions.capacity() * size_of::<[f64; 2]>()
    }
}
