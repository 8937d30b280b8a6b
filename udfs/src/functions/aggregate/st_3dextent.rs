//! `ST_3DExtent`: the box in space around all geometries.

use godwit_geometry::{Coord, Dimension, Geometry, GeometryError, Kind, Kinds, WkbWriter, write};

use crate::aggregate::{Accumulation, Aggregate, Running};
use crate::function::Parity;
use crate::options::Options;

pub(super) static AGGREGATE: Aggregate = Aggregate {
    title: "ST_3DExtent",
    summary: "Returns the box in space around all geometries; null when there are none.",
    notes: "Nulls and empty geometries are left out; a geometry without heights lies at height 0. \
            A flat box is a polygon, a box without extent in two directions a line, a single \
            position a point, and any other box the six polygons around it.",
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
        Ok(self.0.map(|[low, high]| space(low, high)))
    }

    fn size(&self) -> usize {
        0
    }
}

/// Returns the box between two corners as the simplest geometry that has its extent.
fn space(low: [f64; 3], high: [f64; 3]) -> Vec<u8> {
    let wide: Vec<usize> = (0..3).filter(|axis| low[*axis] != high[*axis]).collect();
    let mut writer = WkbWriter::new(Dimension::Xyz);
    match wide.as_slice() {
        [] => writer.point(coord(low)),
        [_] => writer.line([coord(low), coord(high)]),
        [first, second] => face(&mut writer, low, high, [*first, *second]),
        _ => {
            writer.begin(Kind::MultiPolygon);
            for axes in [[0, 1], [0, 2], [1, 2]] {
                let across = 3 - axes[0] - axes[1];
                for level in [low[across], high[across]] {
                    let (mut low, mut high) = (low, high);
                    (low[across], high[across]) = (level, level);
                    face(&mut writer, low, high, axes);
                }
            }
            writer.end();
        }
    }
    writer.into_bytes()
}

/// Writes the rectangle that two axes span between two corners.
fn face(writer: &mut WkbWriter, low: [f64; 3], high: [f64; 3], axes: [usize; 2]) {
    let with = |axis: usize, corner: [f64; 3]| {
        let mut moved = corner;
        moved[axis] = high[axis];
        moved
    };
    let corners = [low, with(axes[1], low), high, with(axes[0], low), low];
    writer.begin(Kind::Polygon);
    writer.ring(corners.map(coord));
    writer.end();
}

fn coord([x, y, z]: [f64; 3]) -> Coord {
    Coord::xyz(x, y, z)
}
