//! Numbers, days and times in the fields of a `.dbf` file.

use std::num::{IntErrorKind, ParseIntError};

use chrono::{Datelike as _, NaiveDate};

/// The days from the first day of our calendar to that of Unix.
const EPOCH_DAYS: i32 = 719_163;
/// The Julian number of the first day of Unix.
const JULIAN_EPOCH: i64 = 2_440_588;
const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// How a field stores what is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    /// A whole number of 32 bits.
    Integer,
    /// A double-precision number.
    Double,
    /// Ten thousandths, a whole number of 64 bits.
    Currency,
    /// The Julian number of a day and the milliseconds since its beginning.
    Time,
}

impl Binary {
    /// Returns how a field of a kind and a length is stored, nothing if it is text.
    pub(super) fn of(kind: u8, length: usize) -> Option<Self> {
        match (kind, length) {
            (b'I', 4) => Some(Self::Integer),
            // Longer ones of the kind are places in another file.
            (b'B' | b'O', 8) => Some(Self::Double),
            (b'Y', 8) => Some(Self::Currency),
            (b'T', 8) => Some(Self::Time),
            _ => None,
        }
    }

    /// Returns a whole number.
    pub(super) fn whole(self, bytes: &[u8]) -> Option<i64> {
        match self {
            Self::Integer => bytes.first_chunk().map(|bytes| i32::from_le_bytes(*bytes).into()),
            Self::Double | Self::Currency | Self::Time => None,
        }
    }

    /// Returns a number.
    pub(super) fn number(self, bytes: &[u8]) -> Option<f64> {
        match self {
            Self::Integer => bytes.first_chunk().map(|bytes| i32::from_le_bytes(*bytes).into()),
            Self::Double => bytes.first_chunk().map(|bytes| f64::from_le_bytes(*bytes)),
            Self::Currency => {
                bytes.first_chunk().map(|bytes| i64::from_le_bytes(*bytes) as f64 / 10_000.0)
            }
            Self::Time => None,
        }
    }

    /// Returns the microseconds of a time since 1970; there is none without a day.
    pub(super) fn microseconds(self, bytes: &[u8]) -> Option<i64> {
        let (day, clock) = bytes.split_first_chunk::<4>().filter(|_| self == Self::Time)?;
        let day = i64::from(u32::from_le_bytes(*day));
        let milliseconds = i64::from(u32::from_le_bytes(*clock.first_chunk()?));
        let days = (day != 0).then_some(day - JULIAN_EPOCH)?;
        Some(days * DAY_MICROSECONDS + milliseconds * 1000)
    }
}

/// Returns the whole number that a text is, nothing for what is no number. One that would become
/// another is refused.
pub(super) fn whole_number(text: &str) -> Result<Option<i64>, String> {
    match text.parse::<i64>() {
        Ok(number) => return Ok(Some(number)),
        Err(error) if is_overflow(&error) => {
            return Err("a number is too large for 64 bits".to_owned());
        }
        Err(_) => {}
    }
    // Some programs write fractions and exponents where the header has no decimals.
    let Some(value) = number(text).filter(|value| value.is_finite()) else { return Ok(None) };
    if value.fract() != 0.0 || value.abs() >= 9e15 {
        return Err(format!("{text} is no whole number, as the header says"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is a whole number that fits")]
    let whole = value as i64;
    Ok(Some(whole))
}

/// Returns the number that a text is, with a point or a comma before its decimals.
pub(super) fn number(text: &str) -> Option<f64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let (whole, decimals) = text.split_once(',')?;
    format!("{whole}.{decimals}").parse().ok()
}

/// Returns the days from 1970 to a day.
pub(super) fn date(text: &str) -> Option<i32> {
    let date = NaiveDate::parse_from_str(text, "%Y%m%d").ok().filter(|_| text.len() == 8)?;
    Some(date.num_days_from_ce() - EPOCH_DAYS)
}

fn is_overflow(error: &ParseIntError) -> bool {
    matches!(error.kind(), IntErrorKind::PosOverflow | IntErrorKind::NegOverflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_not_changed() {
        for (text, expected) in [
            ("12", Some(12)),
            ("12.0", Some(12)),
            ("12,00", Some(12)),
            ("1e3", Some(1000)),
            ("-7", Some(-7)),
            ("", None),
            ("****", None),
            ("n/a", None),
            ("nan", None),
        ] {
            assert_eq!(whole_number(text), Ok(expected), "{text}");
        }
        for text in ["12.5", "1,5", "1e18", "99999999999999999999"] {
            assert!(whole_number(text).is_err(), "{text}");
        }
    }

    #[test]
    fn decimals_stand_behind_a_point_or_a_comma() {
        assert_eq!(number("1.5"), Some(1.5));
        assert_eq!(number("-1,25"), Some(-1.25));
        assert_eq!(number("1,234.5"), None);
        assert_eq!(number("*"), None);
    }

    #[test]
    fn fields_of_other_programs_are_binary() {
        assert_eq!(Binary::of(b'B', 10), None);
        assert_eq!(Binary::of(b'B', 8).unwrap().number(&1.5_f64.to_le_bytes()), Some(1.5));
        assert_eq!(Binary::of(b'I', 4).unwrap().whole(&(-5_i32).to_le_bytes()), Some(-5));
        assert_eq!(Binary::of(b'I', 4).unwrap().number(&7_i32.to_le_bytes()), Some(7.0));
        let currency = Binary::of(b'Y', 8).unwrap();
        assert_eq!(currency.number(&12_345_600_i64.to_le_bytes()), Some(1234.56));
        // 2020-05-31 01:00:00.
        let time = [2_459_001_u32.to_le_bytes(), 3_600_000_u32.to_le_bytes()].concat();
        let expected = 18_413 * DAY_MICROSECONDS + 3_600_000_000;
        assert_eq!(Binary::of(b'T', 8).unwrap().microseconds(&time), Some(expected));
        assert_eq!(Binary::of(b'T', 8).unwrap().microseconds(&[0; 8]), None);
    }

    #[test]
    fn days_have_eight_digits() {
        assert_eq!(date("19700102"), Some(1));
        assert_eq!(date("18991231"), Some(-25_568));
        for text in ["", "00000000", "20200230", "2020013", "2020-1-3"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
