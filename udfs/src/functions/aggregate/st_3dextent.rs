//! `ST_3DExtent`: the box in space around all geometries.

use godwit_geometry::{Coord, Dimension, Geometry, GeometryError, Kinds, box_3d, write};

use crate::aggregate::{Accumulation, Aggregate, Running};
use crate::function::Parity;
use crate::options::Options;

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_3DExtent",
    summary: "Returns the box in space around all geometries; null when there are none.",
    notes: "Nulls and empty geometries are left out; a geometry without heights lies at height 0. \
            A flat box is a polygon, a box without extent in two directions a line, a single \
            position a point, and any other box a POLYHEDRALSURFACE of its six sides.",
    example: "SELECT ST_ZMax(ST_3DExtent(geom)) FROM (VALUES (ST_PointZ(0, 0, 5)), (ST_PointZ(2, \
              1, 7))) AS t(geom)",
    parity: Parity::Differs("In PostGIS, ST_3DExtent returns a box3d."),
    accumulation: Accumulation::running::<Extent>(),
    ..Aggregate::BASE
};

/// The lowest and the highest corner so far.
#[derive(Debug, Default)]
struct Extent(Option<[[f64; 3]; 2]>);

impl Extent {
    fn grow(&mut self, at: [f64; 3]) {
        let [low, high] = self.0.get_or_insert([at, at]);
        for (axis, value) in at.into_iter().enumerate() {
            low[axis] = low[axis].min(value);
            high[axis] = high[axis].max(value);
        }
    }
}

impl Running for Extent {
    const KINDS: Kinds = Kinds::All;

    fn start(_options: &Options) -> Result<Self, GeometryError> {
        Ok(Self::default())
    }

    fn add(&mut self, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        let has_z = geometry.dimension().has_z();
        let mut height = 0.0;
        geometry.coords(|coord| {
            height = if has_z { coord.z } else { 0.0 };
            self.grow([coord.x, coord.y, height]);
        });
        // An arc bulges in the plane, and never beyond the heights of its positions.
        if let Some(bounds) = geometry.bounds().filter(|_| !geometry.is_basic()) {
            self.grow([bounds.xmin, bounds.ymin, height]);
            self.grow([bounds.xmax, bounds.ymax, height]);
        }
        Ok(())
    }

    fn merge(&mut self, state: &[u8]) -> Result<(), GeometryError> {
        self.add(Geometry::try_new(state)?)
    }

    fn state(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        let corners = self.0.map(|corners| corners.map(|[x, y, z]| Coord::xyz(x, y, z)));
        Ok(corners.map(|corners| write::line_string(corners, Dimension::Xyz)))
    }

    fn finish(&mut self) -> Result<Option<Vec<u8>>, GeometryError> {
        Ok(self.0.map(|[low, high]| box_3d(low, high)))
    }

    fn size(&self) -> usize {
        0
    }
}
