//! Ordinates exchanged, shifted and shortened.

use crate::{Coord, Geometry, GeometryError, map_coords};

/// One ordinate of a coordinate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordinate {
    /// The easting or longitude.
    X,
    /// The northing or latitude.
    Y,
    /// The height.
    Z,
    /// The measure.
    M,
}

impl Ordinate {
    /// Returns the ordinate that a letter names, in either case.
    pub fn from_letter(letter: char) -> Option<Self> {
        Some(match letter.to_ascii_uppercase() {
            'X' => Self::X,
            'Y' => Self::Y,
            'Z' => Self::Z,
            'M' => Self::M,
            _ => return None,
        })
    }

    /// Returns the ordinate of a coordinate.
    pub fn of(self, coord: Coord) -> f64 {
        match self {
            Self::X => coord.x,
            Self::Y => coord.y,
            Self::Z => coord.z,
            Self::M => coord.m,
        }
    }

    /// Returns the coordinate with this ordinate replaced.
    #[must_use]
    pub fn set(self, coord: Coord, value: f64) -> Coord {
        match self {
            Self::X => Coord { x: value, ..coord },
            Self::Y => Coord { y: value, ..coord },
            Self::Z => Coord { z: value, ..coord },
            Self::M => Coord { m: value, ..coord },
        }
    }
}

/// Returns the geometry with two ordinates exchanged, which it must have.
pub fn swap_ordinates(
    geometry: Geometry<'_>,
    ordinates: [Ordinate; 2],
) -> Result<Vec<u8>, GeometryError> {
    let dimension = geometry.dimension();
    for ordinate in ordinates {
        let is_missing = match ordinate {
            Ordinate::X | Ordinate::Y => false,
            Ordinate::Z => !dimension.has_z(),
            Ordinate::M => !dimension.has_m(),
        };
        if is_missing {
            return Err(GeometryError::InvalidArgument {
                reason: format!("the geometry has no {ordinate:?} ordinate to exchange"),
            });
        }
    }
    let [a, b] = ordinates;
    Ok(map_coords(geometry, |coord| b.set(a.set(coord, b.of(coord)), a.of(coord))))
}

/// Returns the geometry with longitudes from -180 to 180 as such from 0 to 360, and the other way
/// round.
pub fn shift_longitude(geometry: Geometry<'_>) -> Vec<u8> {
    map_coords(geometry, |coord| {
        let shift = if coord.x < 0.0 {
            360.0
        } else if coord.x > 180.0 {
            -360.0
        } else {
            0.0
        };
        Coord { x: coord.x + shift, ..coord }
    })
}

/// Returns the geometry with the bits of its ordinates cleared that are not needed for a number
/// of decimal digits behind the point, given for X, Y, Z and M.
pub fn quantize(geometry: Geometry<'_>, [x, y, z, m]: [i64; 4]) -> Vec<u8> {
    map_coords(geometry, |coord| Coord {
        x: shorten(coord.x, x),
        y: shorten(coord.y, y),
        z: shorten(coord.z, z),
        m: shorten(coord.m, m),
    })
}

/// Bits of the significand of a double that are stored.
const STORED_BITS: u32 = 52;

#[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
fn shorten(value: f64, decimals: i64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = (1.0 + value.abs().log10()) as i64;
    let bits = digits.saturating_add(decimals) as f64 / std::f64::consts::LOG10_2;
    let bits = (bits.ceil() as i64).clamp(1, i64::from(STORED_BITS));
    let cleared = i64::from(STORED_BITS) - bits;
    f64::from_bits(value.to_bits() & (u64::MAX << cleared))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_the_digits_asked_for() {
        for decimals in -400..400 {
            let kept = shorten(123.456_789_123_456, decimals);
            assert!(kept <= 123.456_789_123_456);
            let error = 123.456_789_123_456 - kept;
            assert!(decimals < -2 || error < 10f64.powi(-i32::try_from(decimals.min(13)).unwrap()));
        }
        assert_eq!(shorten(100.0, -10), 96.0);
        assert_eq!(shorten(-0.1, i64::MAX), -0.1);
        assert_eq!(shorten(f64::MIN_POSITIVE, i64::MIN), f64::MIN_POSITIVE);
    }
}
