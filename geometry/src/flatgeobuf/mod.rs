//! `FlatGeobuf`: features in `FlatBuffers`, with an index by place if one is wanted.
//!
//! <https://flatgeobuf.org>

mod feature;
mod header;
mod tree;

pub use feature::encode as encode_feature;
pub use header::{Column, ColumnType, Layer, NODE_SIZE, Summary, encode as encode_header};
pub use tree::{Branches, append_node};

use crate::mvt::Value;
use crate::{Bounds, Geometry, GeometryError};

/// The bytes every file begins with: the name and the version. The last one counts corrections,
/// which readers need not know.
pub const MAGIC: [u8; 8] = [0x66, 0x67, 0x62, 3, 0x66, 0x67, 0x62, 1];

/// How many bytes a node of the index has: a box and where it leads.
pub const NODE_BYTES: usize = 40;

/// A feature: its geometry, if it has one, and its properties as bytes that [`push_value`] made.
#[derive(Debug, Default)]
pub struct Feature<'a> {
    /// The geometry.
    pub geometry: Option<Geometry<'a>>,
    /// The properties that are not null.
    pub properties: Vec<u8>,
}

/// Appends the value of a column to the properties of a feature; its type must be the column's.
pub fn push_value(properties: &mut Vec<u8>, column: u16, value: Value<'_>) {
    properties.extend_from_slice(&column.to_le_bytes());
    match value {
        Value::Text(text) => {
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
            properties.extend_from_slice(&length.to_le_bytes());
            let kept = text.as_bytes().iter().take(usize::try_from(length).unwrap_or(usize::MAX));
            properties.extend(kept);
        }
        Value::Float(number) => properties.extend_from_slice(&number.to_le_bytes()),
        Value::Double(number) => properties.extend_from_slice(&number.to_le_bytes()),
        Value::Integer(number) => properties.extend_from_slice(&number.to_le_bytes()),
        Value::Unsigned(number) => properties.extend_from_slice(&number.to_le_bytes()),
        Value::Boolean(value) => properties.push(u8::from(value)),
    }
}

/// Returns a file with these features; with an index they are put in the order of a curve through
/// the plane.
pub fn encode(
    layer: &Layer<'_>,
    features: &[Feature<'_>],
    with_index: bool,
) -> Result<Vec<u8>, GeometryError> {
    // Without features there is nothing to index.
    let with_index = with_index && !features.is_empty();
    let order = if with_index { tree::order(features) } else { (0..features.len()).collect() };
    let mut summary = Summary::default();
    for feature in features {
        summary.add(feature.geometry);
    }
    let mut bodies = Vec::with_capacity(features.len());
    for index in &order {
        if let Some(feature) = features.get(*index) {
            bodies.push(feature::encode(feature, summary.dimension())?);
        }
    }
    let mut file = encode_header(layer, &summary, with_index);
    if with_index {
        let boxes: Vec<Bounds> =
            order.iter().map(|index| tree::extent(features.get(*index))).collect();
        tree::append(&mut file, &boxes, bodies.iter().map(Vec::len));
    }
    for body in bodies {
        file.extend(body);
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn files_say_how_long_their_parts_are() {
        let (wkb, _) = wkt::parse("LINESTRING(0 0,1 1)").unwrap();
        let feature =
            || Feature { geometry: Some(Geometry::try_new(&wkb).unwrap()), properties: Vec::new() };
        // Besides the leaves there is a node for every sixteen below it, up to one.
        for (count, node_count) in [(0, 0), (1, 2), (17, 20), (300, 322)] {
            for with_index in [false, true] {
                let features: Vec<Feature<'_>> = (0..count).map(|_| feature()).collect();
                let file = encode(&Layer::default(), &features, with_index).unwrap();
                let number = |at: usize| -> usize {
                    let bytes = file[at..at + 4].try_into().unwrap();
                    usize::try_from(u32::from_le_bytes(bytes)).unwrap()
                };
                let mut at = 8 + 4 + number(8) + if with_index { 40 * node_count } else { 0 };
                let mut found = 0;
                while at < file.len() {
                    at += 4 + number(at);
                    found += 1;
                }
                assert_eq!((at, found), (file.len(), count));
            }
        }
    }
}
