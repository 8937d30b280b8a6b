//! The values of a database as columns of Arrow. A value need not have the type of its column.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder,
    StringBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::DataType;
use chrono::NaiveDate;
use rusqlite::types::ValueRef;

use super::geometry::wkb;
use crate::times::microseconds;

/// Whole numbers up to this one are double-precision numbers too.
const MOST_EXACT: u64 = 1 << 53;

/// A column that is being filled.
pub(super) enum Values {
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Text(StringBuilder),
    Binary(BinaryBuilder),
    Geometry(BinaryBuilder),
    Date(Date32Builder),
    Time(TimestampMicrosecondBuilder),
}

impl Values {
    /// Returns an empty column; what is finished has to be cast to the narrower types.
    pub(super) fn new(data_type: &DataType, is_geometry: bool) -> Self {
        match data_type {
            _ if is_geometry => Self::Geometry(BinaryBuilder::new()),
            DataType::Boolean => Self::Boolean(BooleanBuilder::new()),
            data_type if data_type.is_integer() => Self::Integer(Int64Builder::new()),
            data_type if data_type.is_floating() => Self::Float(Float64Builder::new()),
            DataType::Binary => Self::Binary(BinaryBuilder::new()),
            DataType::Date32 => Self::Date(Date32Builder::new()),
            DataType::Timestamp(..) => Self::Time(TimestampMicrosecondBuilder::new()),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    /// Adds a value, if it can be one of the column.
    pub(super) fn append(&mut self, value: ValueRef<'_>) -> Result<(), String> {
        let refused = |wanted: &str| format!("{} is no {wanted}", shown(value));
        match (self, value) {
            (column, ValueRef::Null) => column.append_null(),
            (Self::Boolean(builder), ValueRef::Integer(number)) => {
                builder.append_value(number != 0);
            }
            (Self::Integer(builder), value) => {
                builder.append_value(integer(value).ok_or_else(|| refused("whole number"))?);
            }
            (Self::Float(builder), value) => {
                builder.append_value(float(value).ok_or_else(|| refused("number"))?);
            }
            (Self::Text(builder), ValueRef::Text(bytes)) => {
                builder.append_value(utf_8(bytes)?);
            }
            (Self::Text(builder), value) => {
                builder.append_value(text(value).ok_or_else(|| refused("text"))?);
            }
            (Self::Geometry(builder), ValueRef::Blob(bytes)) => builder.append_value(wkb(bytes)?),
            (Self::Binary(builder), ValueRef::Blob(bytes) | ValueRef::Text(bytes)) => {
                builder.append_value(bytes);
            }
            (Self::Date(builder), ValueRef::Text(bytes)) => {
                builder.append_value(date(bytes).ok_or_else(|| refused("date"))?);
            }
            (Self::Time(builder), ValueRef::Text(bytes)) => {
                builder.append_value(time(bytes).ok_or_else(|| refused("time"))?);
            }
            (Self::Boolean(_), _) => return Err(refused("boolean")),
            (Self::Geometry(_), _) => return Err(refused("geometry")),
            (Self::Binary(_), _) => return Err(refused("blob")),
            (Self::Date(_), _) => return Err(refused("date")),
            (Self::Time(_), _) => return Err(refused("time")),
        }
        Ok(())
    }

    /// Adds a null.
    pub(super) fn append_null(&mut self) {
        match self {
            Self::Boolean(builder) => builder.append_null(),
            Self::Integer(builder) => builder.append_null(),
            Self::Float(builder) => builder.append_null(),
            Self::Text(builder) => builder.append_null(),
            Self::Binary(builder) | Self::Geometry(builder) => builder.append_null(),
            Self::Date(builder) => builder.append_null(),
            Self::Time(builder) => builder.append_null(),
        }
    }

    /// Returns the values and starts anew.
    pub(super) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Boolean(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Float(builder) => Arc::new(builder.finish()),
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Binary(builder) | Self::Geometry(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Time(builder) => Arc::new(builder.finish()),
        }
    }
}

/// Returns a text of the database, which may hold any bytes in spite of its encoding.
fn utf_8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes)
        .map_err(|error| format!("the text is not UTF-8 at its byte {}", error.valid_up_to()))
}

fn shown(value: ValueRef<'_>) -> String {
    match text(value) {
        Some(text) => format!("\"{}\"", text.chars().take(40).collect::<String>()),
        None => "a blob".to_owned(),
    }
}

fn integer(value: ValueRef<'_>) -> Option<i64> {
    match value {
        ValueRef::Integer(number) => Some(number),
        #[expect(clippy::cast_possible_truncation, reason = "it is a whole number that fits")]
        ValueRef::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            Some(number as i64)
        }
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok(),
        _ => None,
    }
}

fn float(value: ValueRef<'_>) -> Option<f64> {
    match value {
        // A number that would become another one is none.
        ValueRef::Integer(number) => {
            Some(number as f64).filter(|_| number.unsigned_abs() <= MOST_EXACT)
        }
        ValueRef::Real(number) => Some(number),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok()?.trim().parse().ok(),
        _ => None,
    }
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    }
}

fn date(bytes: &[u8]) -> Option<i32> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let date = NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()?;
    // The default is the first day of 1970.
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

fn time(bytes: &[u8]) -> Option<i64> {
    microseconds(std::str::from_utf8(bytes).ok()?)
}
