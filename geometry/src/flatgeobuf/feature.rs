//! One feature.

use flatbuffers::{FlatBufferBuilder, TableFinishedWIPOffset, WIPOffset};

use super::Feature;
use super::header::{kind_number, slot};
use crate::{Coord, Geometry, GeometryError, Kind, Sequence};

/// Returns the feature with its length before it. Its geometry is of a basic kind.
pub fn encode(feature: &Feature<'_>) -> Result<Vec<u8>, GeometryError> {
    let mut builder = FlatBufferBuilder::new();
    let geometry = feature.geometry.map(|geometry| encode_geometry(&mut builder, geometry));
    let geometry = geometry.transpose()?;
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
    fn push(&mut self, coord: Coord, geometry: Geometry<'_>) {
        self.xy.extend([coord.x, coord.y]);
        if geometry.dimension().has_z() {
            self.z.push(coord.z);
        }
        if geometry.dimension().has_m() {
            self.m.push(coord.m);
        }
    }

    fn part(&mut self, part: Sequence<'_>, geometry: Geometry<'_>) -> Result<(), GeometryError> {
        for coord in part {
            self.push(coord, geometry);
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
) -> Result<WIPOffset<TableFinishedWIPOffset>, GeometryError> {
    let mut parts = Vec::new();
    let mut positions = Positions::default();
    match geometry.kind() {
        Kind::Point | Kind::MultiPoint => {
            geometry.coords(|coord| positions.push(coord, geometry));
        }
        Kind::LineString | Kind::MultiLineString | Kind::Polygon => {
            let mut sequences = Vec::new();
            geometry.sequences(&mut |_, sequence| sequences.push(sequence));
            for sequence in sequences {
                positions.part(sequence, geometry)?;
            }
        }
        _ => {
            for part in geometry.parts() {
                parts.push(encode_geometry(builder, part)?);
            }
        }
    }
    let numbers = |builder: &mut FlatBufferBuilder<'_>, values: &[f64]| {
        (!values.is_empty()).then(|| builder.create_vector(values).as_union_value())
    };
    // One part ends where the positions do.
    let ends = (positions.ends.len() > 1)
        .then(|| builder.create_vector(positions.ends.as_slice()).as_union_value());
    let xy = numbers(builder, &positions.xy);
    let z = numbers(builder, &positions.z);
    let m = numbers(builder, &positions.m);
    let parts =
        (!parts.is_empty()).then(|| builder.create_vector(parts.as_slice()).as_union_value());
    let table = builder.start_table();
    for (field, vector) in [(0, ends), (1, xy), (2, z), (3, m), (7, parts)] {
        if let Some(vector) = vector {
            builder.push_slot_always(slot(field), vector);
        }
    }
    builder.push_slot::<u8>(slot(6), kind_number(geometry.kind()), 0);
    Ok(builder.end_table(table))
}
