//! The type of a column from its values.

use arrow::compute::kernels::cast_utils::string_to_datetime;
use arrow::datatypes::{DataType, TimeUnit};
use chrono::Utc;

use crate::moments::usual_micros;
use crate::objects::loses_digits;

/// The kinds of values seen in a column, as a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Seen(u8);

impl Seen {
    const BOOLEAN: Self = Self(1);
    const INTEGER: Self = Self(2);
    const FLOAT: Self = Self(4);
    pub(super) const DATE: Self = Self(8);
    pub(super) const TIMESTAMP: Self = Self(16);
    pub(super) const INSTANT: Self = Self(32);
    const TEXT: Self = Self(64);
    /// A whole number that a double would change.
    const LONG_INTEGER: Self = Self(128 | Self::INTEGER.0);

    /// Adds a value that is not NULL.
    pub(super) fn add(&mut self, value: &str) {
        if self.0 & Self::TEXT.0 == 0 {
            self.0 |= kind(value).0;
        }
    }

    /// Adds what another file has.
    pub(super) fn merge(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Tells whether further values cannot change anything.
    pub(super) fn is_text(self) -> bool {
        self.0 & Self::TEXT.0 != 0
    }

    /// Returns the narrowest type that reads every value back as it was written.
    pub(super) fn data_type(self) -> DataType {
        match self.0 {
            1 => DataType::Boolean,
            2 | 130 => DataType::Int64,
            4 | 6 => DataType::Float64,
            8 => DataType::Date32,
            16 | 24 => DataType::Timestamp(TimeUnit::Microsecond, None),
            32 => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            _ => DataType::Utf8View,
        }
    }
}

fn kind(value: &str) -> Seen {
    let Some(first) = value.bytes().next() else { return Seen::TEXT };
    if first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.') {
        return numeric_kind(value);
    }
    if value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false") {
        return Seen::BOOLEAN;
    }
    Seen::TEXT
}

fn numeric_kind(value: &str) -> Seen {
    if !is_plain_number(value) {
        return Seen::TEXT;
    }
    if short_integer(value).is_some() {
        return Seen::INTEGER;
    }
    if usual_micros(value).is_some() {
        return Seen::TIMESTAMP;
    }
    let digits = value.strip_prefix('-').unwrap_or(value);
    if is_decimal_fraction(digits) {
        return Seen::FLOAT;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return match value.parse::<i64>() {
            Ok(number) if loses_digits(number as f64, value.as_bytes()) => Seen::LONG_INTEGER,
            Ok(_) => Seen::INTEGER,
            Err(_) => Seen::TEXT,
        };
    }
    let is_decimal = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    let is_double = || value.parse::<f64>().is_ok_and(f64::is_finite);
    if is_decimal && !digits.starts_with(['+', '-']) && is_double() {
        return Seen::FLOAT;
    }
    temporal_kind(value)
}

/// Returns a whole number of few digits, which is no longer as a double.
pub(super) fn short_integer(value: &str) -> Option<i64> {
    let bytes = value.as_bytes();
    let (digits, sign) = match bytes {
        [b'-', digits @ ..] => (digits, -1),
        digits => (digits, 1),
    };
    let ([b'0'] | [b'1'..=b'9', ..], ..=15) = (digits, digits.len()) else { return None };
    let mut number = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = 10 * number + i64::from(digit);
    }
    Some(sign * number)
}

/// Returns whether there are digits and one point.
fn is_decimal_fraction(digits: &str) -> bool {
    let mut points = 0;
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {}
            b'.' => points += 1,
            _ => return false,
        }
    }
    // More digits may be more than any double.
    points == 1 && matches!(digits.len(), 2..=300)
}

/// Tells a number from a code such as `00501` or `+372`, which a number would cut short.
pub(super) fn is_plain_number(value: &str) -> bool {
    match value.strip_prefix('-').unwrap_or(value).as_bytes() {
        [b'+', ..] => false,
        [b'0', next, ..] => !next.is_ascii_digit(),
        _ => true,
    }
}

fn temporal_kind(value: &str) -> Seen {
    match moment_kind(value) {
        Seen::TEXT => Seen::TEXT,
        _ if string_to_datetime(&Utc, value).is_err() => Seen::TEXT,
        kind => kind,
    }
}

/// Returns the kind of a date or a time, if the value is one at all: only its form is looked at.
pub(super) fn moment_kind(value: &str) -> Seen {
    let bytes = value.as_bytes();
    if bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return Seen::TEXT;
    }
    // Most have this form and need no search for a fraction and a zone.
    if bytes.len() == 19 && bytes.get(13) == Some(&b':') && bytes.get(16) == Some(&b':') {
        return Seen::TIMESTAMP;
    }
    let (_, time) = value.split_at_checked(10).unwrap_or((value, ""));
    if time.is_empty() {
        return if bytes.len() == 10 { Seen::DATE } else { Seen::TEXT };
    }
    // Microseconds are the finest that tables keep.
    if time.split_once('.').is_some_and(|(_, fraction)| digits_before_zone(fraction) > 6) {
        return Seen::TEXT;
    }
    let clock = time.trim_start_matches(['T', 't', ' ']);
    let (clock, is_utc) = match clock.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, true),
        None => (clock, false),
    };
    // The name of a zone is more than an offset.
    if clock.contains(|char: char| char.is_ascii_alphabetic()) {
        return Seen::TEXT;
    }
    if is_utc || clock.contains(['+', '-']) { Seen::INSTANT } else { Seen::TIMESTAMP }
}

fn digits_before_zone(fraction: &str) -> usize {
    fraction.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_of(values: &[&str]) -> DataType {
        let mut seen = Seen::default();
        for value in values {
            seen.add(value);
        }
        seen.data_type()
    }

    #[test]
    fn the_narrowest_type_wins() {
        let micros =
            |zone: Option<&str>| DataType::Timestamp(TimeUnit::Microsecond, zone.map(Into::into));
        assert_eq!(type_of(&["1", "-2"]), DataType::Int64);
        assert_eq!(type_of(&["1", "2.5", "1e-3"]), DataType::Float64);
        assert_eq!(type_of(&["9007199254740993", "2"]), DataType::Int64);
        assert_eq!(type_of(&["9007199254740993", "1.5"]), DataType::Utf8View);
        assert_eq!(type_of(&["true", "FALSE"]), DataType::Boolean);
        assert_eq!(type_of(&["2020-01-31"]), DataType::Date32);
        // What stands for no end is a date, too.
        assert_eq!(type_of(&["2020-01-31", "9999-12-31"]), DataType::Date32);
        assert_eq!(type_of(&["-0", "123456789012345", "-1234567890123456"]), DataType::Int64);
        assert_eq!(type_of(&[".5", "5.", "-0.25", "1"]), DataType::Float64);
        assert_eq!(type_of(&["2020-01-31", "2020-01-31 10:00:00"]), micros(None));
        assert_eq!(type_of(&["2020-01-31T10:00:00.5Z"]), micros(Some("UTC")));
        for text in
            ["00501", "x", "99999999999999999999", "1-2", "2020-13-01", "+1", "1,5", "2020-01-2"]
                .into_iter()
                .chain(["1e400", ".", "-", "-.", "1.2.3", "00.5", "2020-01-31 25:00:00"])
        {
            assert_eq!(type_of(&[text]), DataType::Utf8View, "{text}");
        }
        assert_eq!(type_of(&["1", "x"]), DataType::Utf8View);
        assert_eq!(type_of(&["1", "true"]), DataType::Utf8View);
        assert_eq!(type_of(&[]), DataType::Utf8View);
    }
}
