//! One feature.
//!
//! Other readers (GDAL's up to version 3.12 were tried) stop at a geometry without the vectors that
//! they look for, so these are written when there is nothing in them, and a path that ends with the
//! positions of a multi line string says so. An empty point has a position that is NaN, as in WKB.

use flatbuffers::{FlatBufferBuilder, TableFinishedWIPOffset, WIPOffset};

use super::Feature;
use super::header::{kind_number, slot};
use crate::{Coord, Dimension, Geometry, GeometryError, Kind, Sequence};

/// Returns the feature with its length before it. Its geometry is of a basic kind, and gets the
/// dimension of the file, where a height or measure that it does not have is NaN.
pub fn encode(feature: &Feature<'_>, dimension: Dimension) -> Result<Vec<u8>, GeometryError> {
    let mut builder = FlatBufferBuilder::new();
    let encoded = |geometry| encode_geometry(&mut builder, geometry, dimension);
    let geometry = feature.geometry.map(encoded).transpose()?;
    let properties = (!feature.properties.is_empty())
        .then(|| builder.create_vector(feature.properties.as_slice()));
    let table = builder.start_table();
    if let Some(geometry) = geometry {
        builder.push_slot_always(slot(0), geometry);
    }
    if let Some(properties) = properties {
        builder.push_slot_always(slot(1), properties);
    }
    let feature = builder.end_table(table);
    builder.finish_size_prefixed(feature, None);
    Ok(builder.finished_data().to_vec())
}

/// The positions of a geometry, and where its parts end.
#[derive(Default)]
struct Positions {
    xy: Vec<f64>,
    z: Vec<f64>,
    m: Vec<f64>,
    ends: Vec<u32>,
}

impl Positions {
    /// Takes the position of a point; an absent ordinate is NaN.
    fn push(&mut self, coord: Coord) {
        self.xy.extend([coord.x, coord.y]);
        self.z.push(coord.z);
        self.m.push(coord.m);
    }

    fn part(&mut self, part: Sequence<'_>) -> Result<(), GeometryError> {
        for coord in part {
            self.push(coord);
        }
        let end = u32::try_from(self.xy.len() / 2).map_err(|_many| GeometryError::Unsupported {
            reason: "a geometry of so many positions does not fit into FlatGeobuf".to_owned(),
        })?;
        self.ends.push(end);
        Ok(())
    }
}

fn encode_geometry(
    builder: &mut FlatBufferBuilder<'_>,
    geometry: Geometry<'_>,
    dimension: Dimension,
) -> Result<WIPOffset<TableFinishedWIPOffset>, GeometryError> {
    let kind = geometry.kind();
    let mut parts = None;
    let mut positions = Positions::default();
    match kind {
        Kind::Point => positions.push(position(geometry)),
        Kind::MultiPoint => {
            geometry.parts().for_each(|point| positions.push(position(point)));
        }
        Kind::LineString => geometry.path().into_iter().flatten().for_each(|at| positions.push(at)),
        Kind::MultiLineString => {
            for line in geometry.parts().filter_map(Geometry::path) {
                positions.part(line)?;
            }
        }
        Kind::Polygon => {
            for ring in geometry.rings() {
                positions.part(ring)?;
            }
        }
        _ => {
            let encoded = geometry.parts().map(|part| encode_geometry(builder, part, dimension));
            parts = Some(encoded.collect::<Result<Vec<_>, _>>()?);
        }
    }
    let parts = parts.map(|parts| builder.create_vector(parts.as_slice()).as_union_value());
    let has_positions = parts.is_none();
    // One ring ends where the positions do.
    let has_ends = kind == Kind::MultiLineString || positions.ends.len() > 1;
    let ends = has_ends.then(|| builder.create_vector(positions.ends.as_slice()).as_union_value());
    let mut numbers = |is_wanted: bool, values: &[f64]| {
        (has_positions && is_wanted).then(|| builder.create_vector(values).as_union_value())
    };
    let xy = numbers(true, &positions.xy);
    let z = numbers(dimension.has_z(), &positions.z);
    let m = numbers(dimension.has_m(), &positions.m);
    let table = builder.start_table();
    for (field, vector) in [(0, ends), (1, xy), (2, z), (3, m), (7, parts)] {
        if let Some(vector) = vector {
            builder.push_slot_always(slot(field), vector);
        }
    }
    builder.push_slot::<u8>(slot(6), kind_number(kind), 0);
    Ok(builder.end_table(table))
}

/// Returns the position of a point, NaN when it is empty.
fn position(point: Geometry<'_>) -> Coord {
    let mut found = Coord::NAN;
    point.coords(|coord| found = coord);
    found
}
