//! `ST_Intersection_Agg`: what all geometries have in common.

use godwit_geometry::{Geometry, GeometryError, overlay, to_iso};

use crate::aggregate::{Accumulation, Aggregate, Running};
use crate::function::Parity;
use crate::options::Options;

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_Intersection_Agg",
    summary: "Returns what all geometries have in common; null when there are none.",
    notes: "Nulls are left out. Polygons must be valid.",
    example: "SELECT ST_AsText(ST_Intersection_Agg(geom)) FROM (VALUES (ST_MakeEnvelope(0, 0, 2, \
              2)), (ST_MakeEnvelope(1, 1, 3, 3))) AS t(geom)",
    parity: Parity::Extension(
        "As in SedonaDB, DuckDB and Snowflake; PostGIS has no such function.",
    ),
    accumulation: Accumulation::running::<Common>(),
    ..Aggregate::BASE
};

/// What the geometries so far have in common.
#[derive(Debug, Default)]
struct Common(Option<Vec<u8>>);

impl Running for Common {
    fn start(_options: &Options) -> Result<Self, GeometryError> {
        Ok(Self::default())
    }

    fn add(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        let Some(known) = &self.0 else {
            self.0 = Some(to_iso(geometry).into_owned());
            return Ok(());
        };
        let known = Geometry::try_new(known)?;
        // What is empty stays empty, whatever comes.
        if !known.is_empty() {
            self.0 = Some(overlay::intersection(known, geometry)?);
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
        Ok(self.0.clone())
    }

    fn size(&self) -> usize {
        self.0.as_ref().map_or(0, Vec::capacity)
    }
}
