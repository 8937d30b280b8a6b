//! Encoded polylines: lines of latitudes and longitudes as printable text.

use crate::{Coord, Dimension, Geometry, GeometryError, Kind, write};

/// The most decimals that keep every coordinate within 64 bits.
const MAX_PRECISION: usize = 15;

/// Returns the encoded polyline of a line or multipoint in longitude and latitude.
pub fn encode(geometry: Geometry<'_>, precision: usize) -> Result<String, GeometryError> {
    if !matches!(geometry.kind(), Kind::LineString | Kind::MultiPoint) {
        let reason = format!(
            "an encoded polyline is made of a line or multipoint, not of a {}",
            geometry.kind().wkt_name()
        );
        return Err(GeometryError::InvalidArgument { reason });
    }
    let factor = factor(precision);
    let mut text = String::new();
    let (mut last_x, mut last_y) = (0_i64, 0_i64);
    geometry.coords(|coord| {
        let (x, y) = (scaled(coord.x, factor), scaled(coord.y, factor));
        push(&mut text, y.wrapping_sub(last_y));
        push(&mut text, x.wrapping_sub(last_x));
        (last_x, last_y) = (x, y);
    });
    Ok(text)
}

/// Returns the line that an encoded polyline spells.
pub fn decode(text: &str, precision: usize) -> Result<Vec<u8>, GeometryError> {
    let factor = factor(precision);
    let mut rest = text.as_bytes();
    let mut coords = Vec::new();
    let (mut x, mut y) = (0_i64, 0_i64);
    while !rest.is_empty() {
        y = y.wrapping_add(pull(&mut rest)?);
        x = x.wrapping_add(pull(&mut rest)?);
        coords.push(Coord::xy(x as f64 / factor, y as f64 / factor));
    }
    Ok(write::line_string(coords, Dimension::Xy))
}

fn factor(precision: usize) -> f64 {
    (0..precision.min(MAX_PRECISION)).fold(1.0, |factor, _| factor * 10.0)
}

#[expect(clippy::cast_possible_truncation, reason = "larger numbers become the largest")]
fn scaled(value: f64, factor: f64) -> i64 {
    (value * factor).round() as i64
}

/// Appends a number, five bits a character, the lowest first.
fn push(text: &mut String, value: i64) {
    let mut left = ((value << 1) ^ (value >> 63)).cast_unsigned();
    loop {
        let more = left >= 32;
        let bits = u8::try_from(left & 31).unwrap_or(0);
        text.push(char::from(bits + 63 + if more { 32 } else { 0 }));
        left >>= 5;
        if !more {
            return;
        }
    }
}

/// Takes a number from the front of the text.
fn pull(rest: &mut &[u8]) -> Result<i64, GeometryError> {
    let mut value = 0_u64;
    let mut shift = 0;
    loop {
        let Some((first, tail)) = rest.split_first() else {
            return Err(invalid("it ends inside of a number"));
        };
        *rest = tail;
        let bits = match first {
            63..=126 => u64::from(first - 63),
            _ => return Err(invalid("it has a character that is not one of its 64")),
        };
        if shift > 60 {
            return Err(invalid("a number is too long"));
        }
        value |= (bits & 31) << shift;
        shift += 5;
        if bits < 32 {
            return Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed());
        }
    }
}

fn invalid(reason: &str) -> GeometryError {
    GeometryError::InvalidText { format: "encoded polyline", reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wkt;

    #[test]
    fn lines_survive_a_round_trip() {
        for text in [
            "LINESTRING(-179.98765 -89.12345,0 0,179.99999 89.99999)",
            "LINESTRING(0 0,0 0)",
            "LINESTRING EMPTY",
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let encoded = encode(Geometry::try_new(&wkb).unwrap(), 5).unwrap();
            let decoded = decode(&encoded, 5).unwrap();
            assert_eq!(wkt::format(Geometry::try_new(&decoded).unwrap(), 9), text);
        }
    }

    #[test]
    fn broken_texts_are_errors() {
        for text in ["_", "_p~iF", "\u{1}\u{1}", "~~~~~~~~~~~~~~~~~~~~~~~~~", "\u{fc}"] {
            assert!(decode(text, 5).is_err(), "{text}");
        }
    }
}
