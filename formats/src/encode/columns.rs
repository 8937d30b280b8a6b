//! The values of a batch as JSON or as plain text, without anything in between.

use arrow::array::{
    Array as _, ArrayRef, ArrowPrimitiveType, AsArray as _, BooleanArray, PrimitiveArray,
    StringArray, StringViewArray,
};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Field, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType,
    Time64NanosecondType, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use godwit_geometry::{Geometry, Kinds, WkbColumn, is_geometry};

use crate::FormatError;
use crate::encode::geometry::write_any_geojson;
use crate::encode::intervals::{self, interval_text};
use crate::encode::temporal::{write_date, write_time, write_timestamp};
use crate::encode::text::{write_float, write_hex, write_integer, write_string};
use crate::objects::Cursor;

const MILLISECONDS_PER_DAY: i64 = 86_400_000;

/// How values are written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Whether texts stand in quotes and what is not finite is null.
    pub(super) is_json: bool,
    /// Whether 64-bit integers are JSON strings.
    pub(super) int64_as_string: bool,
}

/// A column of a batch, seen by its type once.
pub(super) struct Column<'a> {
    nulls: Option<NullBuffer>,
    values: Values<'a>,
}

enum Values<'a> {
    Null,
    Boolean(&'a BooleanArray),
    Integer(Box<dyn Fn(usize) -> i64 + 'a>),
    /// 64-bit integers, which many readers of JSON cannot hold.
    Long(Box<dyn Fn(usize) -> i64 + 'a>),
    Unsigned(&'a PrimitiveArray<UInt64Type>),
    Float32(&'a PrimitiveArray<Float32Type>),
    Float64(&'a PrimitiveArray<Float64Type>),
    /// Numbers that only Arrow can print.
    Decimal(ArrayFormatter<'a>),
    Text(Texts<'a>),
    /// Text that is JSON itself.
    Json(Texts<'a>),
    Binary(WkbColumn<'a>),
    Geometry(WkbColumn<'a>),
    Date(Box<dyn Fn(usize) -> i64 + 'a>),
    Time(Box<dyn Fn(usize) -> i64 + 'a>, TimeUnit),
    Timestamp(Box<dyn Fn(usize) -> i64 + 'a>, TimeUnit, bool),
    Interval(Box<dyn Fn(usize) -> intervals::Parts + 'a>),
    List(Box<dyn Fn(usize) -> std::ops::Range<usize> + 'a>, Box<Column<'a>>),
    Struct(Vec<(Vec<u8>, Column<'a>)>),
    Map(&'a [i32], Box<Column<'a>>, Box<Column<'a>>),
    Dictionary(Box<dyn Fn(usize) -> usize + 'a>, Box<Column<'a>>),
    /// Everything else, as Arrow displays it.
    Other(ArrayFormatter<'a>),
}

enum Texts<'a> {
    Small(&'a StringArray),
    Large(&'a arrow::array::LargeStringArray),
    View(&'a StringViewArray),
}

impl<'a> Texts<'a> {
    fn get(&self, row: usize) -> &'a str {
        match self {
            Self::Small(array) => array.value(row),
            Self::Large(array) => array.value(row),
            Self::View(array) => array.value(row),
        }
    }
}

impl<'a> Column<'a> {
    /// Looks at the type of an array and of its children.
    pub(super) fn try_new(field: &Field, array: &'a ArrayRef) -> Result<Self, FormatError> {
        Ok(Self { nulls: array.logical_nulls(), values: values(field, array)? })
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row))
    }

    /// Returns the geometry of a row of a geometry column.
    pub(super) fn geometry(&self, row: usize) -> Result<Option<Geometry<'a>>, FormatError> {
        match &self.values {
            Values::Geometry(column) => Ok(column.geometry_of(row, Kinds::All)?),
            _ => Ok(None),
        }
    }

    /// Writes the value of a row; null is the JSON word, or nothing in plain text.
    pub(super) fn write(
        &self,
        row: usize,
        style: Style,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        if self.is_null(row) {
            if style.is_json {
                out.extend_from_slice(b"null");
            }
            return Ok(());
        }
        match &self.values {
            Values::Null => out.extend_from_slice(b"null"),
            Values::Boolean(array) => {
                out.extend_from_slice(if array.value(row) { b"true" } else { b"false" });
            }
            Values::Integer(value) => write_integer(value(row), out),
            Values::Long(value) => {
                quoted(style.is_json && style.int64_as_string, out, |out| {
                    write_integer(value(row), out);
                });
            }
            Values::Unsigned(array) => {
                quoted(style.is_json && style.int64_as_string, out, |out| {
                    write_integer(array.value(row), out);
                });
            }
            Values::Float32(array) => {
                let value = array.value(row);
                if value.is_finite() {
                    write_float(value, out);
                } else {
                    write_special(value.into(), style, out);
                }
            }
            Values::Float64(array) => {
                let value = array.value(row);
                if value.is_finite() {
                    write_float(value, out);
                } else {
                    write_special(value, style, out);
                }
            }
            Values::Decimal(formatter) => {
                out.extend_from_slice(formatter.value(row).try_to_string()?.as_bytes());
            }
            Values::Text(texts) => write_text(texts.get(row), style, out),
            Values::Json(texts) => write_json(texts.get(row), style, out),
            Values::Binary(column) => {
                quoted(style.is_json, out, |out| {
                    write_hex(column.get(row).unwrap_or_default(), out);
                });
            }
            Values::Geometry(column) => {
                if let Some(geometry) = column.geometry_of(row, Kinds::All)? {
                    write_any_geojson(geometry, out)?;
                }
            }
            Values::Date(value) => quoted(style.is_json, out, |out| write_date(value(row), out)),
            Values::Time(value, unit) => {
                quoted(style.is_json, out, |out| write_time(value(row), *unit, out));
            }
            Values::Timestamp(value, unit, is_utc) => {
                quoted(style.is_json, out, |out| write_timestamp(value(row), *unit, *is_utc, out));
            }
            Values::Interval(parts) => {
                let (months, days, nanoseconds) = parts(row);
                write_text(&interval_text(months, days, nanoseconds), style, out);
            }
            Values::Dictionary(key, values) => values.write(key(row), style, out)?,
            Values::Other(formatter) => {
                write_text(&formatter.value(row).try_to_string()?, style, out);
            }
            Values::List(..) | Values::Struct(_) | Values::Map(..) => {
                // Inside a nested value everything is JSON, in plain text as well.
                self.write_nested(row, Style { is_json: true, ..style }, out)?;
            }
        }
        Ok(())
    }

    fn write_nested(&self, row: usize, style: Style, out: &mut Vec<u8>) -> Result<(), FormatError> {
        match &self.values {
            Values::List(range, items) => {
                out.push(b'[');
                for (index, item) in range(row).enumerate() {
                    separate(index, out);
                    items.write(item, style, out)?;
                }
                out.push(b']');
            }
            Values::Struct(members) => {
                out.push(b'{');
                for (index, (name, column)) in members.iter().enumerate() {
                    separate(index, out);
                    out.extend_from_slice(name);
                    column.write(row, style, out)?;
                }
                out.push(b'}');
            }
            Values::Map(offsets, keys, values) => {
                out.push(b'{');
                for (index, entry) in range_of(offsets, row).enumerate() {
                    separate(index, out);
                    // The keys of an object are strings, whatever they are in the map.
                    let mut key = Vec::new();
                    keys.write(entry, Style { is_json: false, ..style }, &mut key)?;
                    write_string(&String::from_utf8_lossy(&key), out);
                    out.push(b':');
                    values.write(entry, style, out)?;
                }
                out.push(b'}');
            }
            _ => {}
        }
        Ok(())
    }
}

fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.push(b',');
    }
}

fn quoted(is_quoted: bool, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    if is_quoted {
        out.push(b'"');
    }
    write(out);
    if is_quoted {
        out.push(b'"');
    }
}

fn write_text(text: &str, style: Style, out: &mut Vec<u8>) {
    if style.is_json {
        write_string(text, out);
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

/// Writes JSON text as what it says, if it is sound.
fn write_json(text: &str, style: Style, out: &mut Vec<u8>) {
    let mut cursor = Cursor::new(text.as_bytes());
    let is_sound = cursor.value_text().is_ok() && cursor.next_byte().is_none();
    if is_sound {
        // Line ends would break formats that write one row a line.
        let line = text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte });
        out.extend(line);
    } else {
        write_text(text, style, out);
    }
}

fn write_special(value: f64, style: Style, out: &mut Vec<u8>) {
    let word = match value {
        _ if style.is_json => "null",
        value if value.is_nan() => "NaN",
        value if value > 0.0 => "Infinity",
        _ => "-Infinity",
    };
    out.extend_from_slice(word.as_bytes());
}

fn range_of<O: Copy + TryInto<usize>>(offsets: &[O], row: usize) -> std::ops::Range<usize> {
    let at =
        |index: usize| offsets.get(index).and_then(|offset| (*offset).try_into().ok()).unwrap_or(0);
    at(row)..at(row + 1)
}

/// Returns the values of an array of 32-bit or 64-bit numbers as 64-bit ones.
fn numbers<'a, T>(array: &'a ArrayRef) -> Box<dyn Fn(usize) -> i64 + 'a>
where
    T: ArrowPrimitiveType,
    T::Native: Into<i64>,
{
    let array = array.as_primitive::<T>();
    Box::new(|row| array.value(row).into())
}

fn values<'a>(field: &Field, array: &'a ArrayRef) -> Result<Values<'a>, FormatError> {
    Ok(match array.data_type() {
        DataType::Null => Values::Null,
        DataType::Boolean => Values::Boolean(array.as_boolean()),
        DataType::Int8 => Values::Integer(numbers::<Int8Type>(array)),
        DataType::Int16 => Values::Integer(numbers::<Int16Type>(array)),
        DataType::Int32 => Values::Integer(numbers::<Int32Type>(array)),
        DataType::Int64 => Values::Long(numbers::<Int64Type>(array)),
        DataType::UInt8 => Values::Integer(numbers::<UInt8Type>(array)),
        DataType::UInt16 => Values::Integer(numbers::<UInt16Type>(array)),
        DataType::UInt32 => Values::Integer(numbers::<UInt32Type>(array)),
        DataType::UInt64 => Values::Unsigned(array.as_primitive()),
        DataType::Float32 => Values::Float32(array.as_primitive()),
        DataType::Float64 => Values::Float64(array.as_primitive()),
        DataType::Float16
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => {
            Values::Decimal(ArrayFormatter::try_new(array.as_ref(), &FormatOptions::default())?)
        }
        DataType::Utf8 => text(field, Texts::Small(array.as_string())),
        DataType::LargeUtf8 => text(field, Texts::Large(array.as_string())),
        DataType::Utf8View => text(field, Texts::View(array.as_string_view())),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            match WkbColumn::try_new(array.as_ref()) {
                Some(column) if is_geometry(field) => Values::Geometry(column),
                Some(column) => Values::Binary(column),
                None => other(array)?,
            }
        }
        DataType::Date32 => Values::Date(numbers::<Date32Type>(array)),
        DataType::Date64 => {
            let array = array.as_primitive::<Date64Type>();
            Values::Date(Box::new(|row| array.value(row).div_euclid(MILLISECONDS_PER_DAY)))
        }
        data_type if data_type.is_temporal() => temporal(array)?,
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let keys = dictionary.normalized_keys();
            let field = Field::new(field.name(), dictionary.values().data_type().clone(), true)
                .with_metadata(field.metadata().clone());
            let values = Box::new(Column::try_new(&field, dictionary.values())?);
            Values::Dictionary(
                Box::new(move |row| keys.get(row).copied().unwrap_or_default()),
                values,
            )
        }
        data_type if data_type.is_nested() => nested(array)?,
        _ => other(array)?,
    })
}

/// Looks at lists, structs and maps.
fn nested(array: &ArrayRef) -> Result<Values<'_>, FormatError> {
    Ok(match array.data_type() {
        DataType::List(item) => {
            let list = array.as_list::<i32>();
            let items = Box::new(Column::try_new(item, list.values())?);
            Values::List(Box::new(|row| range_of(list.value_offsets(), row)), items)
        }
        DataType::LargeList(item) => {
            let list = array.as_list::<i64>();
            let items = Box::new(Column::try_new(item, list.values())?);
            Values::List(Box::new(|row| range_of(list.value_offsets(), row)), items)
        }
        DataType::FixedSizeList(item, _) => {
            let list = array.as_fixed_size_list();
            let items = Box::new(Column::try_new(item, list.values())?);
            let size = usize::try_from(list.value_length()).unwrap_or(0);
            Values::List(
                Box::new(move |row| {
                    let start = usize::try_from(list.value_offset(row)).unwrap_or(0);
                    start..start + size
                }),
                items,
            )
        }
        DataType::Struct(fields) => {
            let mut members = Vec::with_capacity(fields.len());
            for (field, column) in fields.iter().zip(array.as_struct().columns()) {
                members.push((member_name(field.name()), Column::try_new(field, column)?));
            }
            Values::Struct(members)
        }
        DataType::Map(..) => {
            let map = array.as_map();
            let fields = map.entries().fields();
            let field = |index: usize| {
                fields.get(index).ok_or_else(|| FormatError::Unsupported {
                    reason: "a map has no keys or values".to_owned(),
                })
            };
            let keys = Box::new(Column::try_new(field(0)?, map.keys())?);
            let values = Box::new(Column::try_new(field(1)?, map.values())?);
            Values::Map(map.value_offsets(), keys, values)
        }
        _ => other(array)?,
    })
}

/// Returns the name of a member with its quotes and colon.
pub(super) fn member_name(name: &str) -> Vec<u8> {
    let mut text = Vec::with_capacity(name.len() + 3);
    write_string(name, &mut text);
    text.push(b':');
    text
}

fn text<'a>(field: &Field, texts: Texts<'a>) -> Values<'a> {
    let extension = field.metadata().get("ARROW:extension:name");
    if extension.is_some_and(|name| name == "arrow.json") {
        return Values::Json(texts);
    }
    Values::Text(texts)
}

fn temporal(array: &ArrayRef) -> Result<Values<'_>, FormatError> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    Ok(match array.data_type() {
        DataType::Time32(Second) => Values::Time(numbers::<Time32SecondType>(array), Second),
        DataType::Time32(_) => Values::Time(numbers::<Time32MillisecondType>(array), Millisecond),
        DataType::Time64(Microsecond) => {
            Values::Time(numbers::<Time64MicrosecondType>(array), Microsecond)
        }
        DataType::Time64(_) => Values::Time(numbers::<Time64NanosecondType>(array), Nanosecond),
        DataType::Timestamp(unit, zone) => {
            let value = match unit {
                Second => numbers::<TimestampSecondType>(array),
                Millisecond => numbers::<TimestampMillisecondType>(array),
                Microsecond => numbers::<TimestampMicrosecondType>(array),
                Nanosecond => numbers::<TimestampNanosecondType>(array),
            };
            Values::Timestamp(value, *unit, zone.is_some())
        }
        _ => match intervals::parts(array) {
            Some(parts) => Values::Interval(parts),
            None => other(array)?,
        },
    })
}

fn other(array: &ArrayRef) -> Result<Values<'_>, FormatError> {
    Ok(Values::Other(ArrayFormatter::try_new(array.as_ref(), &FormatOptions::default())?))
}
