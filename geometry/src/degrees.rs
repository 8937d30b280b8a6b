//! Positions as degrees, minutes and seconds.

use std::fmt::Write as _;

use crate::GeometryError;

/// The format when none is given.
const DEFAULT: &str = "D\u{b0}M'S.SSS\"C";

/// The longest format that is read.
const MAX_LENGTH: usize = 1024;

/// Returns the text of a position: the latitude, a space and the longitude.
///
/// In the format, `D`, `M`, `S` and `C` stand for degrees, minutes, seconds and the compass
/// direction. Repeated letters set the width, letters behind a point the decimals. Positions
/// beyond a pole or the antimeridian are brought back.
pub fn degrees_text(longitude: f64, latitude: f64, format: &str) -> Result<String, GeometryError> {
    if !longitude.is_finite() || !latitude.is_finite() {
        return Err(invalid("the coordinates must be finite"));
    }
    let pattern = Pattern::parse(if format.is_empty() { DEFAULT } else { format })?;
    let (longitude, latitude) = normalised(longitude, latitude);
    let mut text = pattern.write(latitude, ["N", "S"]);
    text.push(' ');
    text.push_str(&pattern.write(longitude, ["E", "W"]));
    Ok(text)
}

fn normalised(mut longitude: f64, latitude: f64) -> (f64, f64) {
    let mut latitude = latitude % 360.0;
    if latitude > 270.0 {
        latitude -= 360.0;
    } else if latitude < -270.0 {
        latitude += 360.0;
    }
    if latitude.abs() > 90.0 {
        latitude = 180.0_f64.copysign(latitude) - latitude;
        longitude += 180.0;
    }
    let mut longitude = longitude % 360.0;
    if longitude > 180.0 {
        longitude -= 360.0;
    } else if longitude < -180.0 {
        longitude += 360.0;
    }
    (longitude, latitude)
}

/// A format, cut into its pieces.
struct Pattern {
    pieces: Vec<Piece>,
    has_minutes: bool,
    has_compass: bool,
    /// The decimals of the seconds, if there are any.
    seconds: Option<usize>,
}

enum Piece {
    Number(Unit, Digits),
    Compass,
    Text(char),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Degrees,
    Minutes,
    Seconds,
}

#[derive(Clone, Copy)]
struct Digits {
    width: usize,
    decimals: usize,
    has_point: bool,
}

impl Pattern {
    fn parse(format: &str) -> Result<Self, GeometryError> {
        if format.len() > MAX_LENGTH {
            return Err(invalid(&format!("the format is longer than {MAX_LENGTH} bytes")));
        }
        let mut pieces: Vec<Piece> = Vec::new();
        for character in format.chars() {
            let unit = match character {
                'D' => Unit::Degrees,
                'M' => Unit::Minutes,
                'S' => Unit::Seconds,
                '.' => {
                    match pieces.last_mut() {
                        Some(Piece::Number(_, digits)) => digits.has_point = true,
                        _ => pieces.push(Piece::Text('.')),
                    }
                    continue;
                }
                'C' => {
                    if pieces.iter().any(|piece| matches!(piece, Piece::Compass)) {
                        return Err(invalid("the format has the compass direction (C) twice"));
                    }
                    pieces.push(Piece::Compass);
                    continue;
                }
                other => {
                    pieces.push(Piece::Text(other));
                    continue;
                }
            };
            if let Some(Piece::Number(last, digits)) = pieces.last_mut()
                && *last == unit
            {
                if digits.has_point {
                    digits.decimals += 1;
                } else {
                    digits.width += 1;
                }
                continue;
            }
            if digits_of(&pieces, unit).is_some() {
                return Err(invalid(&format!("the format has \"{character}\" twice")));
            }
            let digits = Digits { width: 1, decimals: 0, has_point: false };
            pieces.push(Piece::Number(unit, digits));
        }
        if digits_of(&pieces, Unit::Degrees).is_none() {
            return Err(invalid("the format must have degrees (D)"));
        }
        let has_minutes = digits_of(&pieces, Unit::Minutes).is_some();
        let seconds = digits_of(&pieces, Unit::Seconds).map(|digits| digits.decimals);
        if seconds.is_some() && !has_minutes {
            return Err(invalid("the format has seconds (S) without minutes (M)"));
        }
        let has_compass = pieces.iter().any(|piece| matches!(piece, Piece::Compass));
        Ok(Self { pieces, has_minutes, has_compass, seconds })
    }

    fn write(&self, value: f64, [positive, negative]: [&str; 2]) -> String {
        let is_negative = value < 0.0;
        let (mut degrees, mut minutes, mut seconds) = (value.abs(), 0.0, 0.0);
        if self.has_minutes {
            minutes = degrees.fract() * 60.0;
            degrees = degrees.trunc();
        }
        if let Some(decimals) = self.seconds {
            seconds = minutes.fract() * 60.0;
            minutes = minutes.trunc();
            let factor = (0..decimals.min(15)).fold(1.0, |factor, _| factor * 10.0);
            if (seconds * factor).round() / factor >= 60.0 {
                seconds = 0.0;
                minutes += 1.0;
            }
            if minutes >= 60.0 {
                minutes = 0.0;
                degrees += 1.0;
            }
        }
        if is_negative && !self.has_compass {
            degrees = -degrees;
        }
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(character) => text.push(*character),
                Piece::Compass => text.push_str(if is_negative { negative } else { positive }),
                Piece::Number(unit, Digits { width, decimals, .. }) => {
                    let number = match unit {
                        Unit::Degrees => degrees,
                        Unit::Minutes => minutes,
                        Unit::Seconds => seconds,
                    };
                    let _ = write!(text, "{number:width$.decimals$}");
                }
            }
        }
        text
    }
}

fn digits_of(pieces: &[Piece], unit: Unit) -> Option<Digits> {
    pieces.iter().find_map(|piece| match piece {
        Piece::Number(found, digits) if *found == unit => Some(*digits),
        _ => None,
    })
}

fn invalid(reason: &str) -> GeometryError {
    GeometryError::InvalidArgument { reason: format!("ST_AsLatLonText: {reason}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_brought_back_to_the_earth() {
        let cases = [
            (0.0, 100.0, "80N 180E"),
            (190.0, 0.0, "0N 170W"),
            (0.0, 300.0, "60S 0E"),
            (725.0, -1085.0, "5S 5E"),
            (0.0, -100.0, "80S 180E"),
        ];
        for (longitude, latitude, text) in cases {
            assert_eq!(degrees_text(longitude, latitude, "DC").as_deref(), Ok(text));
        }
        assert!(degrees_text(f64::INFINITY, 0.0, "").is_err());
    }

    #[test]
    fn seconds_that_round_up_are_carried() {
        let text = degrees_text(0.999_999_99, 59.999_999_99, "D M S");
        assert_eq!(text.as_deref(), Ok("60 0 0 1 0 0"));
        assert_eq!(degrees_text(-1.5, -1.25, "DDD.DD").as_deref(), Ok("-1.25 -1.50"));
        for format in ["M", "D S", "DMD", "DCC", "x"] {
            assert!(degrees_text(0.0, 0.0, format).is_err(), "{format}");
        }
    }
}
