//! The kinds of values that a column of JSON has.

use std::ops::BitOrAssign;

use arrow::datatypes::{DataType, Field};

use crate::objects::{Cursor, Number, Parsed};

/// All whole numbers up to this one are doubles.
const EXACT: u64 = 1 << 53;

/// The kinds of values a column was seen with, as a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const NULL: Self = Self(1);
    pub(crate) const BOOLEAN: Self = Self(2);
    pub(crate) const INTEGER: Self = Self(4);
    pub(crate) const FLOAT: Self = Self(8);
    pub(crate) const STRING: Self = Self(16);
    pub(crate) const NESTED: Self = Self(32);
    /// A whole number that a double would change.
    pub(crate) const LONG: Self = Self(64);

    /// Takes a value and returns what it is.
    pub(crate) fn of_value(cursor: &mut Cursor<'_>) -> Parsed<Self> {
        let kinds = match cursor.peek() {
            Some(b'"') => {
                cursor.string()?;
                return Ok(Self::STRING);
            }
            Some(b'-' | b'0'..=b'9') => return Self::of_number(cursor),
            Some(b'{' | b'[') => Self::NESTED,
            Some(b't' | b'f') => Self::BOOLEAN,
            _ => Self::NULL,
        };
        cursor.skip_value()?;
        Ok(kinds)
    }

    #[inline]
    fn of_number(cursor: &mut Cursor<'_>) -> Parsed<Self> {
        let start = cursor.position();
        let number = cursor.number()?;
        let text = cursor.slice(start, cursor.position());
        Ok(match number {
            Number::Integer(value) if loses_digits(value as f64, text) => Self::LONG,
            Number::Integer(_) => Self::INTEGER,
            Number::Float(value) if value.is_infinite() || loses_digits(value, text) => {
                Self::STRING
            }
            Number::Float(_) => Self::FLOAT,
        })
    }

    /// Returns the type that loses nothing, for columns at the top.
    pub(crate) fn data_type(self) -> DataType {
        match Self(self.0 & !Self::NULL.0) {
            Self::BOOLEAN => DataType::Boolean,
            // With or without whole numbers that are no doubles.
            Self::INTEGER | Self::LONG | Self(68) => DataType::Int64,
            Self::FLOAT | Self(12) => DataType::Float64,
            _ => DataType::Utf8View,
        }
    }

    /// Returns whether a column of a type holds all values as they are.
    pub(crate) fn fit(self, data_type: &DataType) -> bool {
        let held = match data_type {
            DataType::Boolean => Self::BOOLEAN.0,
            DataType::Int64 => Self::INTEGER.0 | Self::LONG.0,
            DataType::Float64 => Self::INTEGER.0 | Self::FLOAT.0,
            _ => return true,
        };
        self.0 & !(held | Self::NULL.0) == 0
    }

    /// Returns whether all values are objects and arrays.
    pub(crate) fn is_nested(self) -> bool {
        Self(self.0 & !Self::NULL.0) == Self::NESTED
    }
}

impl BitOrAssign for Kinds {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Notes that the texts of a field are JSON.
pub(crate) fn as_json(field: Field) -> Field {
    let extension = ("ARROW:extension:name".to_owned(), "arrow.json".to_owned());
    field.with_metadata([extension].into())
}

/// Returns whether a number as it is written is another one as a double, although it is whole.
#[inline]
pub(crate) fn loses_digits(value: f64, text: &[u8]) -> bool {
    value.abs() >= EXACT as f64 && is_whole(text) && !reads_back(value, text)
}

fn is_whole(number: &[u8]) -> bool {
    number.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-')
}

/// Returns whether a double is written again as it was.
#[cold]
fn reads_back(value: f64, text: &[u8]) -> bool {
    value.to_string().as_bytes() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn type_of(values: &[&str]) -> DataType {
        let mut kinds = Kinds::default();
        for value in values {
            kinds |= Kinds::of_value(&mut Cursor::new(value.as_bytes())).unwrap();
        }
        kinds.data_type()
    }

    #[test]
    fn no_digit_of_a_whole_number_is_lost() {
        use DataType::{Float64, Int64, Utf8View};
        for (values, expected) in [
            (&["1", "9007199254740993"][..], Int64),
            (&["1.5", "9007199254740992"], Float64),
            (&["1.5", "9007199254740993"], Utf8View),
            (&["1.5", "-9007199254740993"], Utf8View),
            // Doubles as JavaScript writes them.
            (&["1.5", "1234567890123456800"], Float64),
            (&["1.5", "1234567890123456789"], Utf8View),
            (&["1.5", "100000000000000000000"], Float64),
            (&["18446744073709551615"], Utf8View),
            (&["1", "9223372036854775808"], Utf8View),
            (&["9223372036854775807", "-9223372036854775808"], Int64),
            (&["1e30", "0.1000000000000000055511151231257827"], Float64),
            (&["1.5", "1e400"], Utf8View),
        ] {
            assert_eq!(type_of(values), expected, "{values:?}");
        }
    }
}
