//! `ST_Extent_Agg`: the box around all geometries.

use godwit_geometry::{Bounds, Coord, Dimension, Geometry, GeometryError, Kinds, construct, write};

use crate::aggregate::{Accumulation, Aggregate, Running};
use crate::function::Parity;
use crate::options::Options;

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_Extent_Agg",
    aliases: &["ST_Extent", "ST_Envelope_Agg"],
    summary: "Returns the bounding box around all geometries as a polygon; null when there are \
              none.",
    notes: "Nulls and empty geometries are left out. The box of a single position is a point, \
            and a box without width or height a line.",
    example: "SELECT ST_AsText(ST_Extent(geom)) FROM (VALUES (ST_Point(0, 0)), (ST_Point(2, 1))) \
              AS t(geom)",
    parity: Parity::Differs("In PostGIS, ST_Extent returns a box2d."),
    accumulation: Accumulation::running::<Extent>(),
    ..Aggregate::BASE
};

/// The box so far.
#[derive(Debug, Default)]
struct Extent(Option<Bounds>);

impl Extent {
    fn grow(&mut self, bounds: &Bounds) {
        self.0 = Some(self.0.map_or(*bounds, |known| known.merge(bounds)));
    }
}

impl Running for Extent {
    const KINDS: Kinds = Kinds::All;

    fn start(_options: &Options) -> Result<Self, GeometryError> {
        Ok(Self::default())
    }

    fn add(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        if let Some(bounds) = geometry.bounds() {
            self.grow(&bounds);
        }
        Ok(())
    }

    fn merge(&mut self, state: &[u8]) -> Result<(), GeometryError> {
        self.add(Geometry::try_new(state)?)
    }

    fn state(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        let corners = self.0.map(|bounds| {
            [Coord::xy(bounds.xmin, bounds.ymin), Coord::xy(bounds.xmax, bounds.ymax)]
        });
        Ok(corners.map(|corners| write::line_string(corners, Dimension::Xy)))
    }

    fn finish(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        let Some(diagonal) = self.state()? else {
            return Ok(None);
        };
        Ok(Some(construct::envelope(Geometry::try_new(&diagonal)?)))
    }

    fn size(&self) -> usize {
        0
    }
}
