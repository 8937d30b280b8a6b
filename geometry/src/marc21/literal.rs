//! Angles as records write them: degrees of three digits, minutes and seconds of two.

use std::fmt::Write as _;

use crate::GeometryError;
use crate::number::read_prefix;

/// How angles are written: `hdddmmss` and its variants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    has_compass: bool,
    /// The last unit: 0 for degrees, 1 for minutes, 2 for seconds.
    last: usize,
    separator: char,
    decimals: usize,
}

impl Format {
    /// Reads a format; the letters of its decimals are those of the last unit.
    pub(super) fn parse(text: &str) -> Result<Self, GeometryError> {
        let invalid = || GeometryError::InvalidArgument {
            reason: format!("\"{text}\" is not a format such as \"hdddmmss\" or \"ddd.dddd\""),
        };
        let rest = text.strip_prefix('h').unwrap_or(text);
        let (units, fraction) = match rest.split_once(['.', ',']) {
            Some((units, fraction)) if !fraction.is_empty() => (units, fraction),
            Some(_) => return Err(invalid()),
            None => (rest, ""),
        };
        let (last, letter) = match units {
            "ddd" if !fraction.is_empty() => (0, 'd'),
            "dddmm" if !fraction.is_empty() => (1, 'm'),
            "dddmmss" => (2, 's'),
            _ => return Err(invalid()),
        };
        if fraction.len() > 15 || fraction.chars().any(|found| found != letter) {
            return Err(invalid());
        }
        Ok(Self {
            has_compass: rest.len() < text.len(),
            last,
            separator: if rest.contains(',') { ',' } else { '.' },
            decimals: fraction.len(),
        })
    }

    /// Returns an angle in degrees as text; the letters are those of its two directions.
    pub(super) fn write(&self, degrees: f64, [positive, negative]: [char; 2]) -> String {
        let mut text = String::new();
        if self.has_compass {
            text.push(if degrees > 0.0 { positive } else { negative });
        } else if degrees < 0.0 {
            text.push('-');
        }
        let mut left = degrees.abs();
        let mut units = [0.0; 3];
        for unit in units.iter_mut().take(self.last) {
            *unit = left.trunc();
            left = left.fract() * 60.0;
        }
        units[self.last] = left;
        if self.last == 1 && left.fract() * 60.0 >= 59.5 {
            // PostGIS adds a minute for seconds that round up to one even where minutes have
            // decimals: it writes 10.1 degrees as 10 degrees and 7.00 minutes.
            units[1] += 1.0;
        } else if self.last == 2 {
            let scale = (0..self.decimals).fold(1.0, |scale, _| scale * 10.0);
            units[2] = (left * scale).round() / scale;
            // What rounds up to 60 is one of the unit before.
            for index in [2, 1] {
                if units[index] >= 60.0 {
                    units[index] = 0.0;
                    units[index - 1] += 1.0;
                }
            }
        }
        for (index, unit) in units.into_iter().enumerate().take(self.last + 1) {
            let decimals = if index == self.last { self.decimals } else { 0 };
            let digits = if index == 0 { 3 } else { 2 };
            let width = if decimals > 0 { digits + 1 + decimals } else { digits };
            let _ = write!(text, "{unit:0width$.decimals$}");
        }
        if self.separator == ',' { text.replace('.', ",") } else { text }
    }
}

/// Reads an angle: a direction or a sign, three digits of degrees, then minutes and seconds.
///
/// The decimals, if there are any, are those of the last unit.
pub(super) fn read(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['N', 'E', 'S', 'W', '+', '-']).unwrap_or(text);
    let is_negative = text.starts_with(['S', 'W', '-']);
    let (whole, fraction) = match unsigned.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if whole.len() < 3 || !is_number(whole) || !fraction.is_none_or(is_number) {
        return None;
    }
    let units: &[usize] = match (whole.len(), fraction) {
        (3, Some(_)) => &[3],
        (5, Some(_)) => &[3, 2],
        (7, Some(_)) | (_, None) => &[3, 2, 2],
        _ => return None,
    };
    let mut rest = whole;
    let (mut angle, mut parts_of_degree) = (0.0, 1.0);
    for (index, digits) in units.iter().enumerate() {
        let (unit, after) = rest.split_at_checked(*digits).unwrap_or((rest, ""));
        rest = after;
        let is_last = index + 1 == units.len();
        let written = match fraction {
            Some(fraction) if is_last => format!("{unit}.{fraction}"),
            _ => unit.to_owned(),
        };
        angle += read_prefix(written.as_bytes()).map_or(0.0, |(value, _)| value) / parts_of_degree;
        parts_of_degree *= 60.0;
    }
    Some(if is_negative { -angle } else { angle })
}
