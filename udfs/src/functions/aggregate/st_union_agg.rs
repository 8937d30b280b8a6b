//! `ST_Union_Agg`: all geometries united.

use godwit_geometry::{Geometry, GeometryError, overlay, to_iso};

use super::super::overlay::members;
use crate::aggregate::{Accumulation, Aggregate, Running};
use crate::function::{Argument, Parity};

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_Union_Agg",
    aliases: &["ST_MemUnion"],
    summary: "Returns the union of all geometries; null when there are none.",
    notes: "Nulls are left out. `ST_Union(geom)` with one argument is the same.",
    example: "SELECT ST_AsText(ST_Union(geom)) FROM (VALUES (ST_Point(0, 0)), (ST_Point(2, 1))) \
              AS t(geom)",
    parity: Parity::Same,
    arguments: &[Argument::geometry("geom", "The geometries.")],
    accumulation: Accumulation::Running(|| Box::new(Union::default())),
};

/// How many bytes of geometries wait before they are united.
const WAITING_BYTES: usize = 4 << 20;

/// Geometries that wait to be united, and how many bytes they were after the last time.
#[derive(Debug, Default)]
struct Union {
    waiting: Vec<Vec<u8>>,
    bytes: usize,
    united_bytes: usize,
}

impl Union {
    fn push(&mut self, wkb: Vec<u8>) -> Result<(), GeometryError> {
        self.bytes += wkb.len();
        self.waiting.push(wkb);
        // Twice the last result, so that large results are not united again for every few rows.
        if self.bytes > WAITING_BYTES.max(2 * self.united_bytes) {
            self.unite()?;
        }
        Ok(())
    }

    fn unite(&mut self) -> Result<(), GeometryError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let mut geometries = Vec::with_capacity(self.waiting.len());
        for wkb in &self.waiting {
            geometries.push(Geometry::try_new(wkb)?);
        }
        let united = overlay::unary_union(&members(&geometries))?;
        self.bytes = united.len();
        self.united_bytes = united.len();
        self.waiting = vec![united];
        Ok(())
    }
}

impl Running for Union {
    fn add(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        self.push(to_iso(geometry).into_owned())
    }

    fn merge(&mut self, state: &[u8]) -> Result<(), GeometryError> {
        self.push(state.to_vec())
    }

    fn state(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        self.finish()
    }

    fn finish(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        self.unite()?;
        Ok(self.waiting.first().cloned())
    }

    fn size(&self) -> usize {
        self.bytes + self.waiting.capacity() * size_of::<Vec<u8>>()
    }
}
