//! Geobuf: features whose coordinates are differences of whole numbers.
//!
//! <https://github.com/mapbox/geobuf/blob/master/geobuf.proto>

use crate::mvt::Value;
use crate::protobuf::{bytes_field, double_field, number_field, varint, zigzag};
use crate::{Coord, Dimension, Geometry, Kind, Sequence};

/// The most decimals coordinates keep, which is also what a reader takes when it is told none.
const MOST_DECIMALS: u32 = 6;
/// A smaller difference of coordinates is not worth a decimal.
const EPSILON: f64 = 1e-9;

/// A feature: its geometry, and its properties by the index of their name.
#[derive(Debug)]
pub struct Feature<'a> {
    /// The geometry.
    pub geometry: Geometry<'a>,
    /// The properties that are not null.
    pub properties: Vec<(usize, Value<'a>)>,
}

/// Returns a collection of features whose properties have the given names.
///
/// As in `PostGIS`, the first geometry says whether there are heights, and coordinates between two
/// multiples of the precision are rounded up.
pub fn encode(keys: &[String], features: &[Feature<'_>]) -> Vec<u8> {
    let has_z = features.first().is_some_and(|first| first.geometry.dimension().has_z());
    let mut decimals = 0;
    for feature in features {
        feature.geometry.coords(|coord| decimals = more_decimals(decimals, coord, has_z));
    }
    let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    let encoder = Encoder { scale, dimension: if has_z { Dimension::Xyz } else { Dimension::Xy } };
    let mut collection = Vec::new();
    for feature in features {
        bytes_field(&mut collection, 1, &encoder.feature(feature));
    }
    let mut data = Vec::new();
    for key in keys {
        bytes_field(&mut data, 1, key.as_bytes());
    }
    if has_z {
        number_field(&mut data, 2, 3);
    }
    if decimals < MOST_DECIMALS {
        number_field(&mut data, 3, u64::from(decimals));
    }
    bytes_field(&mut data, 4, &collection);
    data
}

/// Returns how many decimals are kept after another position was seen: each ordinate that needs
/// more adds one.
fn more_decimals(decimals: u32, coord: Coord, has_z: bool) -> u32 {
    let ordinates = [coord.x, coord.y, coord.z];
    let count = if has_z { 3 } else { 2 };
    ordinates.into_iter().take(count).fold(decimals, |decimals, ordinate| {
        let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
        let is_lost = ((ordinate * scale).round() / scale - ordinate).abs() >= EPSILON;
        if is_lost && decimals < MOST_DECIMALS { decimals + 1 } else { decimals }
    })
}

/// How positions are written.
struct Encoder {
    scale: f64,
    dimension: Dimension,
}

impl Encoder {
    fn feature(&self, feature: &Feature<'_>) -> Vec<u8> {
        let mut message = Vec::new();
        bytes_field(&mut message, 1, &self.geometry(feature.geometry));
        let mut pairs = Vec::new();
        for (index, (key, value)) in feature.properties.iter().enumerate() {
            bytes_field(&mut message, 13, &value_message(*value));
            varint(&mut pairs, u64::try_from(*key).unwrap_or(0));
            varint(&mut pairs, u64::try_from(index).unwrap_or(0));
        }
        if !pairs.is_empty() {
            bytes_field(&mut message, 14, &pairs);
        }
        message
    }

    fn geometry(&self, geometry: Geometry<'_>) -> Vec<u8> {
        let mut message = Vec::new();
        let mut paths = Paths { encoder: self, coords: Vec::new(), lengths: Vec::new() };
        let code = match geometry.kind() {
            Kind::Point => 0,
            Kind::MultiPoint => 1,
            Kind::LineString => 2,
            Kind::MultiLineString => 3,
            Kind::Polygon => 4,
            Kind::MultiPolygon => 5,
            // What is no basic kind is not read.
            _ => 6,
        };
        number_field(&mut message, 1, code);
        match geometry.kind() {
            Kind::Point | Kind::MultiPoint => {
                let mut points = Vec::new();
                geometry.coords(|coord| points.push(coord));
                paths.path(points.into_iter());
            }
            Kind::LineString => paths.line(geometry.line()),
            Kind::MultiLineString => {
                let has_lengths = geometry.part_count() > 1;
                for part in geometry.parts() {
                    let line = part.line();
                    if has_lengths {
                        paths.length(line.map_or(0, Sequence::len));
                    }
                    paths.line(line);
                }
            }
            Kind::Polygon => {
                let has_lengths = geometry.rings().len() > 1;
                paths.rings(geometry, has_lengths);
            }
            Kind::MultiPolygon => {
                if geometry.part_count() > 0 {
                    paths.length(geometry.part_count());
                }
                for part in geometry.parts() {
                    paths.length(part.rings().len());
                    paths.rings(part, true);
                }
            }
            _ => {}
        }
        if !paths.lengths.is_empty() {
            bytes_field(&mut message, 2, &paths.lengths);
        }
        if !paths.coords.is_empty() {
            bytes_field(&mut message, 3, &paths.coords);
        }
        if geometry.kind() == Kind::GeometryCollection {
            for part in geometry.parts() {
                bytes_field(&mut message, 4, &self.geometry(part));
            }
        }
        message
    }

    /// Returns a coordinate in units of the last decimal.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a number out of range becomes the nearest"
    )]
    fn whole(&self, value: f64) -> i64 {
        (value * self.scale).ceil() as i64
    }
}

/// The positions of a geometry, and how many there are in each of its parts.
struct Paths<'a> {
    encoder: &'a Encoder,
    coords: Vec<u8>,
    lengths: Vec<u8>,
}

impl Paths<'_> {
    fn length(&mut self, length: usize) {
        varint(&mut self.lengths, u64::try_from(length).unwrap_or(0));
    }

    fn line(&mut self, line: Option<Sequence<'_>>) {
        if let Some(line) = line {
            self.path(line.iter());
        }
    }

    /// Writes the rings of a polygon without their last positions, which repeat the first.
    fn rings(&mut self, polygon: Geometry<'_>, has_lengths: bool) {
        for ring in polygon.rings() {
            let count = ring.len().saturating_sub(1);
            if has_lengths {
                self.length(count);
            }
            self.path(ring.iter().take(count));
        }
    }

    /// Writes positions as differences, the first from the origin.
    fn path(&mut self, coords: impl Iterator<Item = Coord>) {
        let has_z = self.encoder.dimension.has_z();
        let mut last = [0_i64; 3];
        for coord in coords {
            let at = [coord.x, coord.y, coord.z].map(|value| self.encoder.whole(value));
            let count = if has_z { 3 } else { 2 };
            for (to, from) in at.into_iter().zip(last).take(count) {
                varint(&mut self.coords, zigzag(to.wrapping_sub(from)));
            }
            last = at;
        }
    }
}

/// Returns the message of a value. There is a field for truth values, but `PostGIS` spells them.
fn value_message(value: Value<'_>) -> Vec<u8> {
    let mut message = Vec::new();
    match value {
        Value::Text(text) => bytes_field(&mut message, 1, text.as_bytes()),
        Value::Boolean(value) => bytes_field(&mut message, 1, if value { b"t" } else { b"f" }),
        Value::Float(number) => double_field(&mut message, 2, f64::from(number)),
        Value::Double(number) => double_field(&mut message, 2, number),
        Value::Unsigned(number) => number_field(&mut message, 3, number),
        Value::Integer(number) => {
            let field = if number < 0 { 4 } else { 3 };
            number_field(&mut message, field, number.unsigned_abs());
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    fn encoded(text: &str) -> Vec<u8> {
        let (wkb, _) = wkt::parse(text).unwrap();
        let geometry = Geometry::try_new(&wkb).unwrap();
        encode(&[], &[Feature { geometry, properties: Vec::new() }])
    }

    /// The coordinates of a line of two points are the last bytes.
    fn ends_with(text: &str, coords: &[u8]) -> bool {
        encoded(text).ends_with(coords)
    }

    #[test]
    fn coordinates_are_differences_that_were_rounded_up() {
        assert!(ends_with("LINESTRING(0 0,1 -3)", &[0, 0, 2, 5]));
        assert!(ends_with("LINESTRING(0.5 0,0.51 0)", &[100, 0, 2, 0]));
        assert!(ends_with("POINT(-0.25 0)", &[3, 0]));
        // Each ordinate adds a decimal at most.
        assert!(ends_with("POINT(1.1234567 2)", &[24, 40]));
    }

    #[test]
    fn odd_coordinates_do_no_harm() {
        for text in ["POINT(NaN 1)", "LINESTRING(-1e300 0,1e300 0)", "POINT(Inf -Inf)"] {
            encoded(text);
        }
        assert_eq!(encoded("POINT EMPTY"), [24, 0, 34, 6, 10, 4, 10, 2, 8, 0]);
    }
}
