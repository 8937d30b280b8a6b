//! A layer of a vector tile, feature by feature.

use std::collections::HashMap;

use crate::protobuf::{bytes_field, double_field, number_field, varint, zigzag};
use crate::{Coord, Geometry, GeometryError, Kind, Sequence};

/// A value of a feature's property.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// A single-precision number.
    Float(f32),
    /// A double-precision number.
    Double(f64),
    /// A whole number.
    Integer(i64),
    /// A whole number that is not negative.
    Unsigned(u64),
    /// A truth value.
    Boolean(bool),
}

impl Value<'_> {
    /// Returns the message of the value, which no other value has.
    fn encode(self) -> Vec<u8> {
        let mut bytes = Vec::new();
        match self {
            Self::Text(text) => bytes_field(&mut bytes, 1, text.as_bytes()),
            Self::Float(number) => {
                bytes.push(2 << 3 | 5);
                bytes.extend_from_slice(&number.to_le_bytes());
            }
            Self::Double(number) => double_field(&mut bytes, 3, number),
            Self::Integer(number) => match u64::try_from(number) {
                Ok(number) => number_field(&mut bytes, 5, number),
                Err(_) => number_field(&mut bytes, 6, zigzag(number)),
            },
            Self::Unsigned(number) => number_field(&mut bytes, 5, number),
            Self::Boolean(value) => number_field(&mut bytes, 7, u64::from(value)),
        }
        bytes
    }
}

/// A layer of a vector tile; values that features share are stored once.
#[derive(Debug)]
pub struct Layer {
    name: String,
    extent: u32,
    keys: Vec<String>,
    values: Vec<u8>,
    value_indexes: HashMap<Vec<u8>, u64>,
    features: Vec<u8>,
}

impl Layer {
    /// Returns a layer without features, whose properties have the given names.
    pub fn new(name: &str, extent: u32, keys: Vec<String>) -> Self {
        Self {
            name: name.to_owned(),
            extent,
            keys,
            values: Vec::new(),
            value_indexes: HashMap::new(),
            features: Vec::new(),
        }
    }

    /// Adds a feature with a geometry on the grid and properties by the index of their name.
    pub fn add(
        &mut self,
        geometry: Geometry<'_>,
        id: Option<u64>,
        properties: &[(usize, Value<'_>)],
    ) -> Result<(), GeometryError> {
        let mut tags = Vec::new();
        for (key, value) in properties {
            varint(&mut tags, u64::try_from(*key).unwrap_or(0));
            let index = self.value_index(*value);
            varint(&mut tags, index);
        }
        let mut feature = Vec::new();
        if let Some(id) = id {
            number_field(&mut feature, 1, id);
        }
        if !tags.is_empty() {
            bytes_field(&mut feature, 2, &tags);
        }
        let (kind, commands) = commands(geometry)?;
        number_field(&mut feature, 3, kind);
        bytes_field(&mut feature, 4, &commands);
        bytes_field(&mut self.features, 2, &feature);
        Ok(())
    }

    /// Returns a tile with this layer; without features, there are no bytes.
    pub fn finish(&self) -> Vec<u8> {
        if self.features.is_empty() {
            return Vec::new();
        }
        let mut layer = Vec::new();
        bytes_field(&mut layer, 1, self.name.as_bytes());
        layer.extend_from_slice(&self.features);
        for key in &self.keys {
            bytes_field(&mut layer, 3, key.as_bytes());
        }
        layer.extend_from_slice(&self.values);
        number_field(&mut layer, 5, u64::from(self.extent));
        number_field(&mut layer, 15, 2);
        let mut tile = Vec::new();
        bytes_field(&mut tile, 3, &layer);
        tile
    }

    fn value_index(&mut self, value: Value<'_>) -> u64 {
        let message = value.encode();
        let next = u64::try_from(self.value_indexes.len()).unwrap_or(0);
        if let Some(index) = self.value_indexes.get(&message) {
            return *index;
        }
        bytes_field(&mut self.values, 4, &message);
        self.value_indexes.insert(message, next);
        next
    }
}

const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;
const CLOSE_PATH: u64 = 15;

/// Returns the kind of a geometry and the commands that draw it.
fn commands(geometry: Geometry<'_>) -> Result<(u64, Vec<u8>), GeometryError> {
    let mut pen = Pen { commands: Vec::new(), at: [0; 2] };
    let kind = geometry.kind();
    let code = match kind {
        Kind::Point | Kind::MultiPoint => {
            let mut points: Vec<Coord> = Vec::new();
            geometry.coords(|coord| points.push(coord));
            pen.start(MOVE_TO, points.len());
            for point in points {
                pen.step(point);
            }
            1
        }
        Kind::LineString | Kind::MultiLineString => {
            geometry.sequences(&mut |_, line| pen.path(line, line.len()));
            2
        }
        Kind::Polygon | Kind::MultiPolygon => {
            geometry.sequences(&mut |_, ring| {
                pen.path(ring, ring.len() - 1);
                varint(&mut pen.commands, CLOSE_PATH);
            });
            3
        }
        _ => {
            return Err(GeometryError::Unsupported {
                reason: "a GEOMETRYCOLLECTION cannot be written into a vector tile; \
                         use ST_AsMVTGeom"
                    .to_owned(),
            });
        }
    };
    Ok((code, pen.commands))
}

/// The commands so far, and where they end.
struct Pen {
    commands: Vec<u8>,
    at: [i64; 2],
}

impl Pen {
    fn start(&mut self, command: u64, count: usize) {
        varint(&mut self.commands, u64::try_from(count).unwrap_or(0) << 3 | command);
    }

    fn step(&mut self, coord: Coord) {
        let to = [grid_number(coord.x), grid_number(coord.y)];
        for (new, old) in to.into_iter().zip(self.at) {
            varint(&mut self.commands, zigzag(new - old));
        }
        self.at = to;
    }

    /// Draws the first positions of a sequence, each different from the one before.
    fn path(&mut self, sequence: Sequence<'_>, count: usize) {
        let mut kept: Vec<Coord> = Vec::with_capacity(count);
        for coord in sequence.iter().take(count) {
            let is_new = kept.last().is_none_or(|last| {
                grid_number(last.x) != grid_number(coord.x)
                    || grid_number(last.y) != grid_number(coord.y)
            });
            if is_new {
                kept.push(coord);
            }
        }
        let mut coords = kept.into_iter();
        if let Some(first) = coords.next() {
            self.start(MOVE_TO, 1);
            self.step(first);
        }
        self.start(LINE_TO, coords.len());
        for coord in coords {
            self.step(coord);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the number was brought into range")]
fn grid_number(value: f64) -> i64 {
    value.round().clamp(-2_147_483_647.0, 2_147_483_647.0) as i64
}
