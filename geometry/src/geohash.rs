//! Geohashes: places as short texts, written and read.

use crate::{Bounds, Geometry, GeometryError};

/// The digits of a geohash: those of base 32 without a, i, l and o.
const DIGITS: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";

/// How long the geohash of a point is when no length is asked for.
const MAX_LENGTH: usize = 20;

/// The longest geohash that is written; after some twenty characters the numbers of a computer
/// cannot tell cells apart.
const LONGEST: usize = 256;

/// Returns the geohash of a geometry in longitude and latitude, that of the middle of its bounding
/// box; nothing when it is empty.
///
/// A length of 0 means 20 characters for a point and as many as the bounding box allows for
/// anything larger.
pub fn encode(geometry: Geometry<'_>, length: usize) -> Result<Option<String>, GeometryError> {
    let Some(bounds) = geometry.bounds() else {
        return Ok(None);
    };
    if !world().contains(&bounds) {
        return Err(GeometryError::InvalidArgument {
            reason: "ST_GeoHash takes longitudes and latitudes in degrees; \
                     use ST_Transform(geom, 4326)"
                .to_owned(),
        });
    }
    let length = if length > 0 { length } else { common_bits(&bounds) / 5 };
    let [x, y] = bounds.centre();
    Ok(Some(encode_position(x, y, length.min(LONGEST))))
}

/// Returns the cell of a geohash, reading at most a number of its characters.
pub fn decode(text: &str, length: Option<usize>) -> Result<Bounds, GeometryError> {
    let mut cell = world();
    let mut is_x = true;
    for character in text.bytes().take(length.unwrap_or(usize::MAX)) {
        let lower = character.to_ascii_lowercase();
        let digit = DIGITS.iter().position(|digit| *digit == lower).ok_or_else(|| {
            let reason = format!("\"{}\" is not one of its characters", char::from(character));
            GeometryError::InvalidText { format: "geohash", reason }
        })?;
        for bit in [16, 8, 4, 2, 1] {
            halve(&mut cell, is_x, digit & bit != 0);
            is_x = !is_x;
        }
    }
    Ok(cell)
}

fn world() -> Bounds {
    Bounds::new(-180.0, -90.0, 180.0, 90.0)
}

/// Keeps the upper or the lower half of a cell, along one axis.
fn halve(cell: &mut Bounds, is_x: bool, is_upper: bool) {
    let [x, y] = cell.centre();
    match (is_x, is_upper) {
        (true, true) => cell.xmin = x,
        (true, false) => cell.xmax = x,
        (false, true) => cell.ymin = y,
        (false, false) => cell.ymax = y,
    }
}

/// Returns the number of bits that name the smallest cell around a box.
fn common_bits(bounds: &Bounds) -> usize {
    if bounds.width() == 0.0 && bounds.height() == 0.0 {
        return 5 * MAX_LENGTH;
    }
    let mut cell = world();
    let mut is_x = true;
    for bits in 0..5 * MAX_LENGTH {
        let [x, y] = cell.centre();
        let (low, high, middle) =
            if is_x { (bounds.xmin, bounds.xmax, x) } else { (bounds.ymin, bounds.ymax, y) };
        if low <= middle && high >= middle {
            return bits;
        }
        halve(&mut cell, is_x, low > middle);
        is_x = !is_x;
    }
    5 * MAX_LENGTH
}

fn encode_position(x: f64, y: f64, length: usize) -> String {
    let mut cell = world();
    let mut text = String::with_capacity(length);
    let mut is_x = true;
    for _ in 0..length {
        let mut digit = 0_usize;
        for _ in 0..5 {
            let [middle_x, middle_y] = cell.centre();
            let is_upper = if is_x { x >= middle_x } else { y >= middle_y };
            digit = 2 * digit + usize::from(is_upper);
            halve(&mut cell, is_x, is_upper);
            is_x = !is_x;
        }
        text.extend(DIGITS.get(digit).map(|digit| char::from(*digit)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::point_xy;

    #[test]
    fn a_position_lies_in_the_cell_of_its_geohash() {
        for (x, y) in [(0.0, 0.0), (24.75, 59.44), (-179.99, -89.99), (180.0, 90.0)] {
            let point = point_xy(x, y);
            let hash = encode(Geometry::try_new(&point).unwrap(), 0).unwrap().unwrap();
            assert_eq!(hash.len(), 20);
            for length in 0..=20 {
                assert!(decode(&hash, Some(length)).unwrap().contains_xy(x, y), "{hash} {length}");
            }
            assert_eq!(decode(&hash.to_uppercase(), None), decode(&hash, None));
        }
    }

    #[test]
    fn foreign_characters_are_refused() {
        for text in ["a", "9qi", "9 q", "\u{e9}", "-"] {
            assert!(decode(text, None).is_err(), "{text}");
        }
        assert_eq!(decode("9qi", Some(2)), decode("9q", None));
        assert_eq!(decode("", None), Ok(world()));
    }
}
