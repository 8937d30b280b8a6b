//! The properties of features as columns of Arrow.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, BooleanBuilder, Float32Builder, Float64Builder, Int8Builder,
    Int16Builder, Int32Builder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder,
    UInt64Builder,
};
use arrow::datatypes::DataType;
use godwit_geometry::flatgeobuf::ColumnType;

use super::clock::without_no_date;
use super::header::Column;
use super::table::Checked;
use crate::times::microseconds;

const CUT_OFF: &str = "the properties of a feature are cut off";

/// The values of a feature, by the numbers of their columns; null where there is none.
pub(super) fn split<'a>(
    mut properties: &'a [u8],
    columns: &[Column],
    values: &mut [Option<&'a [u8]>],
) -> Checked<()> {
    values.fill(None);
    while !properties.is_empty() {
        let (number, rest) = properties.split_first_chunk().ok_or(CUT_OFF)?;
        let index = usize::from(u16::from_le_bytes(*number));
        let column = columns.get(index).ok_or("a feature has a property of no column")?;
        let (length, rest) = if let Some(size) = column.column_type.size() {
            (size, rest)
        } else {
            let (length, rest) = rest.split_first_chunk().ok_or(CUT_OFF)?;
            (usize::try_from(u32::from_le_bytes(*length)).map_err(|_far| CUT_OFF)?, rest)
        };
        let (value, rest) = rest.split_at_checked(length).ok_or(CUT_OFF)?;
        if let Some(place) = values.get_mut(index) {
            *place = Some(value);
        }
        properties = rest;
    }
    Ok(())
}

/// A column that is being filled.
pub(super) enum Values {
    Byte(Int8Builder),
    UnsignedByte(Int16Builder),
    Short(Int16Builder),
    UnsignedShort(Int32Builder),
    Int(Int32Builder),
    UnsignedInt(Int64Builder),
    Long(Int64Builder),
    UnsignedLong(UInt64Builder),
    Boolean(BooleanBuilder),
    Float(Float32Builder),
    Double(Float64Builder),
    Text(StringBuilder),
    /// Times as they are written, or times of day.
    TimeText(StringBuilder),
    Time(TimestampMicrosecondBuilder),
    Binary(BinaryBuilder),
}

impl Values {
    /// Returns an empty column for properties of a type, which are wanted as another one.
    pub(super) fn new(column_type: ColumnType, wanted: &DataType) -> Self {
        match column_type {
            ColumnType::DateTime if wanted.is_string() => Self::TimeText(StringBuilder::new()),
            ColumnType::Byte => Self::Byte(Int8Builder::new()),
            ColumnType::UnsignedByte => Self::UnsignedByte(Int16Builder::new()),
            ColumnType::Short => Self::Short(Int16Builder::new()),
            ColumnType::UnsignedShort => Self::UnsignedShort(Int32Builder::new()),
            ColumnType::Int => Self::Int(Int32Builder::new()),
            ColumnType::UnsignedInt => Self::UnsignedInt(Int64Builder::new()),
            ColumnType::Long => Self::Long(Int64Builder::new()),
            ColumnType::UnsignedLong => Self::UnsignedLong(UInt64Builder::new()),
            ColumnType::Boolean => Self::Boolean(BooleanBuilder::new()),
            ColumnType::Float => Self::Float(Float32Builder::new()),
            ColumnType::Double => Self::Double(Float64Builder::new()),
            ColumnType::Text | ColumnType::Json => Self::Text(StringBuilder::new()),
            ColumnType::DateTime => Self::Time(TimestampMicrosecondBuilder::new()),
            ColumnType::Binary => Self::Binary(BinaryBuilder::new()),
        }
    }

    /// Adds a value or a null, or says what is wrong with it.
    pub(super) fn append(&mut self, value: Option<&[u8]>) -> Result<(), String> {
        match self {
            Self::Byte(builder) => builder.append_option(number(value).map(i8::from_le_bytes)),
            Self::UnsignedByte(builder) => {
                builder.append_option(number(value).map(u8::from_le_bytes).map(i16::from));
            }
            Self::Short(builder) => builder.append_option(number(value).map(i16::from_le_bytes)),
            Self::UnsignedShort(builder) => {
                builder.append_option(number(value).map(u16::from_le_bytes).map(i32::from));
            }
            Self::Int(builder) => builder.append_option(number(value).map(i32::from_le_bytes)),
            Self::UnsignedInt(builder) => {
                builder.append_option(number(value).map(u32::from_le_bytes).map(i64::from));
            }
            Self::Long(builder) => builder.append_option(number(value).map(i64::from_le_bytes)),
            Self::UnsignedLong(builder) => {
                builder.append_option(number(value).map(u64::from_le_bytes));
            }
            Self::Boolean(builder) => builder.append_option(number(value).map(|[byte]| byte != 0)),
            Self::Float(builder) => builder.append_option(number(value).map(f32::from_le_bytes)),
            Self::Double(builder) => builder.append_option(number(value).map(f64::from_le_bytes)),
            Self::Text(builder) => builder.append_option(text(value)?),
            Self::TimeText(builder) => builder.append_option(text(value)?.map(without_no_date)),
            Self::Time(builder) => builder.append_option(time(text(value)?)?),
            Self::Binary(builder) => builder.append_option(value),
        }
        Ok(())
    }

    /// Returns the values and starts anew.
    pub(super) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Byte(builder) => Arc::new(builder.finish()),
            Self::UnsignedByte(builder) | Self::Short(builder) => Arc::new(builder.finish()),
            Self::UnsignedShort(builder) | Self::Int(builder) => Arc::new(builder.finish()),
            Self::UnsignedInt(builder) | Self::Long(builder) => Arc::new(builder.finish()),
            Self::UnsignedLong(builder) => Arc::new(builder.finish()),
            Self::Boolean(builder) => Arc::new(builder.finish()),
            Self::Float(builder) => Arc::new(builder.finish()),
            Self::Double(builder) => Arc::new(builder.finish()),
            Self::Text(builder) | Self::TimeText(builder) => Arc::new(builder.finish()),
            Self::Time(builder) => Arc::new(builder.finish()),
            Self::Binary(builder) => Arc::new(builder.finish()),
        }
    }
}

fn number<const N: usize>(value: Option<&[u8]>) -> Option<[u8; N]> {
    value?.first_chunk().copied()
}

fn text(value: Option<&[u8]>) -> Checked<Option<&str>> {
    value.map(std::str::from_utf8).transpose().map_err(|_malformed| "a text is not UTF-8")
}

/// Returns the microseconds of a time; an empty text is none.
fn time(text: Option<&str>) -> Result<Option<i64>, String> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let shown = || format!("\"{}\" is no time", text.chars().take(40).collect::<String>());
    microseconds(text).map(Some).ok_or_else(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_that_do_not_fit_are_refused() {
        let columns = [ColumnType::Short, ColumnType::Text]
            .map(|column_type| Column { name: String::new(), column_type });
        let mut values = [None; 2];
        let bytes = [1, 0, 2, 0, 0, 0, b'h', b'i', 0, 0, 7, 0];
        split(&bytes, &columns, &mut values).unwrap();
        assert_eq!(values, [Some(&[7, 0][..]), Some(&b"hi"[..])]);
        for end in (1..bytes.len()).filter(|end| *end != 8) {
            let mut values = [None; 2];
            assert!(split(&bytes[..end], &columns, &mut values).is_err(), "{end}");
        }
        assert!(split(&[2, 0, 1], &columns, &mut [None; 2]).is_err());
    }
}
