//! `ST_Centroid_Agg`: the centre of mass of all geometries.

use godwit_geometry::construct::Mass;
use godwit_geometry::{Dimension, Geometry, GeometryError, Kind, write};

use crate::aggregate::{Accumulation, Aggregate, Running};
use crate::function::Parity;
use crate::options::Options;

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_Centroid_Agg",
    summary: "Returns the centre of mass of all geometries together; null when there are none.",
    notes: "Nulls are left out. Areas count, without areas lines, without lines points; each by \
            its size. It is the centroid of the collection of all geometries, found without \
            keeping them.",
    example: "SELECT ST_AsText(ST_Centroid_Agg(geom)) FROM (VALUES (ST_Point(0, 0)), (ST_Point(2, \
              1))) AS t(geom)",
    parity: Parity::Extension(
        "As in BigQuery, in the plane; PostGIS has ST_Centroid(ST_Collect(geom)) for it.",
    ),
    accumulation: Accumulation::running::<Centre>(),
    ..Aggregate::BASE
};

/// The sums so far, and whether a row came.
#[derive(Debug, Default)]
struct Centre {
    mass: Mass,
    has_rows: bool,
}

impl Running for Centre {
    const COUNTS_REPEATS: bool = true;

    fn start(_options: &Options) -> Result<Self, GeometryError> {
        Ok(Self::default())
    }

    fn add(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        self.has_rows = true;
        self.mass.add(geometry);
        Ok(())
    }

    fn merge(&mut self, state: &[u8]) -> Result<(), GeometryError> {
        self.has_rows = true;
        self.mass.merge(&Mass::from_bytes(state));
        Ok(())
    }

    fn state(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        Ok(self.has_rows.then(|| self.mass.to_bytes()))
    }

    fn finish(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        if !self.has_rows {
            return Ok(None);
        }
        Ok(Some(match self.mass.centre() {
            Some([x, y]) => write::point_xy(x, y),
            None => write::empty(Kind::Point, Dimension::Xy),
        }))
    }

    fn size(&self) -> usize {
        0
    }
}
