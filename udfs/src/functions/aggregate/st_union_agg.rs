//! `ST_Union_Agg`: all geometries united.

use godwit_geometry::{Dimension, Geometry, GeometryError, Kind, overlay, to_iso, write};

use super::super::overlay::members;
use crate::aggregate::{Accumulation, Aggregate, Running};
use crate::function::Argument;
use crate::options::Options;

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_Union_Agg",
    aliases: &["ST_MemUnion", "ST_MemUnion_Agg"],
    summary: "Returns the union of all geometries; null when there are none.",
    notes: "Nulls are left out. Polygons must be valid; those that overlap or touch become one. \
            Lines are cut where they meet, and positions that come twice are kept once. Empty \
            geometries alone make an empty one. With a grid size results are rounded to that \
            grid, and polygons need not be valid. `ST_Union(geom)` with one geometry is the same.",
    example: "SELECT ST_AsText(ST_Union(geom)) FROM (VALUES (ST_Point(0, 0)), (ST_Point(2, 1))) \
              AS t(geom)",
    arguments: &[
        Argument::geometry("geom", "The geometries."),
        Argument::float("gridsize", "The size of the grid that results are rounded to.").optional(),
    ],
    accumulation: Accumulation::running::<Union>(),
    ..Aggregate::BASE
};

/// How many bytes of geometries wait before they are united.
const WAITING_BYTES: usize = 4 << 20;

/// Geometries that wait to be united, and how many bytes they were after the last time.
#[derive(Debug, Default)]
struct Union {
    waiting: Vec<Vec<u8>>,
    bytes: usize,
    united_bytes: usize,
    /// Of the geometries without coordinates the kind with the most dimensions.
    empty: Option<Kind>,
    /// The size of the grid, if there is one.
    grid_size: Option<f64>,
}

impl Union {
    fn push(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        if geometry.is_empty() {
            let kind = geometry.kind();
            let more = self.empty.is_none_or(|known| known.code() < kind.code());
            self.empty = if more { Some(kind) } else { self.empty };
            return Ok(());
        }
        let wkb = to_iso(geometry).into_owned();
        self.bytes += wkb.len();
        self.waiting.push(wkb);
        // Twice the last result, so that large results are not united again for every few rows.
        if self.bytes > WAITING_BYTES.max(2 * self.united_bytes) {
            self.unite()?;
        }
        Ok(())
    }

    fn unite(&mut self) -> Result<(), GeometryError> {
        if self.waiting.is_empty() || (self.waiting.len() == 1 && self.united_bytes > 0) {
            return Ok(());
        }
        let mut geometries = Vec::with_capacity(self.waiting.len());
        for wkb in &self.waiting {
            geometries.push(Geometry::try_new(wkb)?);
        }
        let united = match (geometries.as_slice(), self.grid_size) {
            (all, Some(size)) => overlay::unary_union_on_grid(&members(all), size)?,
            ([only], None) if only.kind() == Kind::Point && !only.dimension().has_m() => {
                to_iso(*only).into_owned()
            }
            (all, None) => overlay::unary_union(&members(all))?,
        };
        self.bytes = united.len();
        self.united_bytes = united.len();
        self.waiting.clear();
        self.waiting.push(united);
        Ok(())
    }
}

impl Running for Union {
    fn start(options: &Options) -> Result<Self, GeometryError> {
        let grid_size = options.float(1).filter(|size| *size > 0.0);
        Ok(Self { grid_size, ..Self::default() })
    }

    fn add(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        self.push(geometry)
    }

    fn merge(&mut self, state: &[u8]) -> Result<(), GeometryError> {
        self.push(Geometry::try_new(state)?)
    }

    fn state(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        self.finish()
    }

    fn finish(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        self.unite()?;
        let united = self.waiting.first().cloned();
        Ok(united.or_else(|| self.empty.map(|kind| write::empty(kind, Dimension::Xy))))
    }

    fn size(&self) -> usize {
        self.bytes + self.waiting.capacity() * size_of::<Vec<u8>>()
    }
}
