//! The type of a column from its values.

use arrow::compute::kernels::cast_utils::string_to_timestamp_nanos;
use arrow::datatypes::{DataType, TimeUnit};

/// The kinds of values seen in a column, as a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Seen(u8);

impl Seen {
    const BOOLEAN: Self = Self(1);
    const INTEGER: Self = Self(2);
    const FLOAT: Self = Self(4);
    const DATE: Self = Self(8);
    const TIMESTAMP: Self = Self(16);
    const INSTANT: Self = Self(32);
    const TEXT: Self = Self(64);

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
            2 => DataType::Int64,
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
    let digits = value.strip_prefix('-').unwrap_or(value);
    let is_padded = digits.len() > 1
        && digits.starts_with('0')
        && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    if is_padded {
        // A code such as 00501, which a number would cut short.
        return Seen::TEXT;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return if value.parse::<i64>().is_ok() { Seen::INTEGER } else { Seen::TEXT };
    }
    let is_decimal = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if is_decimal && !digits.starts_with(['+', '-']) && value.parse::<f64>().is_ok() {
        return Seen::FLOAT;
    }
    temporal_kind(value)
}

fn temporal_kind(value: &str) -> Seen {
    let bytes = value.as_bytes();
    let has_dashes = bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
    if !has_dashes || string_to_timestamp_nanos(value).is_err() {
        return Seen::TEXT;
    }
    let (_, time) = value.split_at_checked(10).unwrap_or((value, ""));
    if time.is_empty() {
        return Seen::DATE;
    }
    // Microseconds are the finest that tables keep.
    if time.split_once('.').is_some_and(|(_, fraction)| digits_before_zone(fraction) > 6) {
        return Seen::TEXT;
    }
    let has_zone = time.ends_with(['Z', 'z']) || time.contains(['+', '-']);
    if has_zone { Seen::INSTANT } else { Seen::TIMESTAMP }
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
        assert_eq!(type_of(&["true", "FALSE"]), DataType::Boolean);
        assert_eq!(type_of(&["2020-01-31"]), DataType::Date32);
        assert_eq!(type_of(&["2020-01-31", "2020-01-31 10:00:00"]), micros(None));
        assert_eq!(type_of(&["2020-01-31T10:00:00.5Z"]), micros(Some("UTC")));
        for text in ["00501", "x", "99999999999999999999", "1-2", "2020-13-01", "+1", "1,5"] {
            assert_eq!(type_of(&[text]), DataType::Utf8View, "{text}");
        }
        assert_eq!(type_of(&["1", "x"]), DataType::Utf8View);
        assert_eq!(type_of(&["1", "true"]), DataType::Utf8View);
        assert_eq!(type_of(&[]), DataType::Utf8View);
    }
}
