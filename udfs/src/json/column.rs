//! The values of a column as JSON.

use std::fmt::Write as _;
use std::ops::Range;

use arrow::array::{Array, AsArray as _};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, FieldRef, Float32Type, Float64Type};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use godwit_geometry::{Crs, Geometry, GeometryError, GeometryType, WkbColumn, curve};
use serde_json::value::RawValue;

use super::number::{is_free_numeric, without_zeros, write_double, write_single};
use super::{interval, is_json, write_string};
use crate::functions::geojson_with_crs;

/// A column whose values are written as JSON, as `to_json` writes them.
pub struct JsonColumn<'a> {
    nulls: Option<NullBuffer>,
    values: Values<'a>,
}

type Texts<'a> = Box<dyn Fn(usize) -> &'a str + 'a>;
type Ranges<'a> = Box<dyn Fn(usize) -> Range<usize> + 'a>;

enum Values<'a> {
    Null,
    Boolean(Box<dyn Fn(usize) -> bool + 'a>),
    Single(Box<dyn Fn(usize) -> f32 + 'a>),
    Double(Box<dyn Fn(usize) -> f64 + 'a>),
    /// Numbers whose text is JSON.
    Exact(ArrayFormatter<'a>),
    /// Decimals that have as many digits as they need.
    Free(ArrayFormatter<'a>),
    Text(Texts<'a>),
    Json(Texts<'a>),
    Geometry(WkbColumn<'a>, Option<Crs>),
    Bytes(WkbColumn<'a>),
    /// Dates and times: a fraction of a second has no zeros behind it.
    Moment(ArrayFormatter<'a>),
    Interval(Box<dyn Fn(usize) -> interval::Parts>),
    /// What is text in JSON.
    Other(ArrayFormatter<'a>),
    List(Ranges<'a>, Box<JsonColumn<'a>>),
    Record(Vec<(String, JsonColumn<'a>)>),
    Map(Ranges<'a>, Box<JsonColumn<'a>>, Box<JsonColumn<'a>>),
    Dictionary(Vec<usize>, Box<JsonColumn<'a>>),
}

impl<'a> JsonColumn<'a> {
    /// Looks at a column, of which the field as it was planned may know more than the array.
    ///
    /// # Errors
    ///
    /// What the field says of geometries cannot be read.
    pub fn try_new(field: &Field, array: &'a dyn Array) -> Result<Self, GeometryError> {
        Ok(Self { nulls: array.logical_nulls(), values: values(field, array)? })
    }

    /// Returns whether the values are records or arrays, between which aggregates break lines.
    pub fn is_composite(&self) -> bool {
        match &self.values {
            Values::List(..) | Values::Record(_) | Values::Map(..) => true,
            Values::Dictionary(_, values) => values.is_composite(),
            _ => false,
        }
    }

    /// Returns whether the value of a row is null.
    pub fn is_null(&self, row: usize) -> bool {
        matches!(self.values, Values::Null)
            || self.nulls.as_ref().is_some_and(|nulls| row >= nulls.len() || nulls.is_null(row))
    }

    /// Writes the value of a row.
    ///
    /// # Errors
    ///
    /// A geometry cannot be read.
    pub fn write(&self, row: usize, out: &mut String) -> Result<(), GeometryError> {
        if self.is_null(row) {
            out.push_str("null");
            return Ok(());
        }
        match &self.values {
            Values::Null => out.push_str("null"),
            Values::Boolean(value) => out.push_str(if value(row) { "true" } else { "false" }),
            Values::Single(value) => write_single(value(row), out),
            Values::Double(value) => write_double(value(row), out),
            Values::Exact(text) => text.value(row).write(out).map_err(|error| failed(&error))?,
            Values::Free(text) => out.push_str(without_zeros(&shown(text, row)?)),
            Values::Text(text) => write_string(text(row), out),
            Values::Json(text) => write_json(text(row), out),
            Values::Geometry(column, crs) => {
                if let Some(wkb) = column.get(row) {
                    let basic = curve::to_basic(Geometry::try_any(wkb)?)?;
                    let geometry = Geometry::try_new(&basic)?;
                    out.push_str(&geojson_with_crs(geometry, crs.as_ref())?);
                }
            }
            Values::Bytes(column) => {
                out.push_str("\"\\\\x");
                for byte in column.get(row).unwrap_or_default() {
                    // Writing to a text cannot fail.
                    let _ = write!(out, "{byte:02x}");
                }
                out.push('"');
            }
            Values::Moment(text) => write_moment(&shown(text, row)?, out),
            Values::Interval(parts) => {
                out.push('"');
                interval::write(parts(row), out);
                out.push('"');
            }
            Values::Other(text) => write_string(&shown(text, row)?, out),
            Values::Dictionary(keys, values) => {
                values.write(keys.get(row).copied().unwrap_or_default(), out)?;
            }
            Values::List(..) | Values::Record(_) | Values::Map(..) => {
                self.write_nested(row, out)?;
            }
        }
        Ok(())
    }

    /// Writes the value of a row as the name of a member: a string, whatever it is.
    ///
    /// # Errors
    ///
    /// A geometry cannot be read.
    pub fn write_name(&self, row: usize, out: &mut String) -> Result<(), GeometryError> {
        let mut name = String::new();
        self.write(row, &mut name)?;
        if name.starts_with('"') {
            out.push_str(&name);
        } else {
            write_string(&name, out);
        }
        Ok(())
    }

    fn write_nested(&self, row: usize, out: &mut String) -> Result<(), GeometryError> {
        match &self.values {
            Values::List(range, items) => {
                out.push('[');
                for (index, item) in range(row).enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    items.write(item, out)?;
                }
                out.push(']');
            }
            Values::Record(members) => {
                out.push('{');
                for (index, (name, column)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    write_string(name, out);
                    out.push(':');
                    column.write(row, out)?;
                }
                out.push('}');
            }
            Values::Map(range, names, values) => {
                out.push('{');
                for (index, entry) in range(row).enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    names.write_name(entry, out)?;
                    out.push(':');
                    values.write(entry, out)?;
                }
                out.push('}');
            }
            _ => {}
        }
        Ok(())
    }
}

fn values<'a>(field: &Field, array: &'a dyn Array) -> Result<Values<'a>, GeometryError> {
    Ok(match array.data_type() {
        DataType::Null => Values::Null,
        DataType::Boolean => {
            let array = array.as_boolean();
            Values::Boolean(Box::new(|row| array.value(row)))
        }
        DataType::Float32 => {
            let array = array.as_primitive::<Float32Type>();
            Values::Single(Box::new(|row| array.value(row)))
        }
        DataType::Float64 => {
            let array = array.as_primitive::<Float64Type>();
            Values::Double(Box::new(|row| array.value(row)))
        }
        other if is_free_numeric(other) => Values::Free(formatter(array)?),
        other if other.is_numeric() => Values::Exact(formatter(array)?),
        other if other.is_string() => {
            let texts = texts(array);
            if is_json(field) { Values::Json(texts) } else { Values::Text(texts) }
        }
        other if other.is_binary() => {
            match (WkbColumn::try_new(array), GeometryType::from_field(field)?) {
                (Some(column), Some(geometry)) => Values::Geometry(column, geometry.crs),
                (Some(column), None) => Values::Bytes(column),
                (None, _) => Values::Other(formatter(array)?),
            }
        }
        DataType::Timestamp(..) | DataType::Time32(_) | DataType::Time64(_) => {
            Values::Moment(formatter(array)?)
        }
        DataType::Interval(_) | DataType::Duration(_) => {
            Values::Interval(interval::parts(array).map_err(|error| failed(&error))?)
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let of_values = Field::new("", dictionary.values().data_type().clone(), true)
                .with_metadata(field.metadata().clone());
            let values = JsonColumn::try_new(&of_values, dictionary.values().as_ref())?;
            Values::Dictionary(dictionary.normalized_keys(), Box::new(values))
        }
        other if other.is_nested() => nested(field, array)?,
        _ => Values::Other(formatter(array)?),
    })
}

/// Looks at lists, records and maps.
fn nested<'a>(field: &Field, array: &'a dyn Array) -> Result<Values<'a>, GeometryError> {
    let items = |own: &FieldRef, values: &'a dyn Array| {
        let planned = match field.data_type() {
            DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
                item
            }
            _ => own,
        };
        JsonColumn::try_new(planned, values).map(Box::new)
    };
    Ok(match array.data_type() {
        DataType::List(item) => {
            let lists = array.as_list::<i32>();
            let ranges = Box::new(|row| range(lists.value_offsets(), row));
            Values::List(ranges, items(item, lists.values().as_ref())?)
        }
        DataType::LargeList(item) => {
            let lists = array.as_list::<i64>();
            let ranges = Box::new(|row| range(lists.value_offsets(), row));
            Values::List(ranges, items(item, lists.values().as_ref())?)
        }
        DataType::FixedSizeList(item, size) => {
            let lists = array.as_fixed_size_list();
            let size = usize::try_from(*size).unwrap_or_default();
            let ranges = Box::new(move |row| {
                let start = usize::try_from(lists.value_offset(row)).unwrap_or_default();
                start..start + size
            });
            Values::List(ranges, items(item, lists.values().as_ref())?)
        }
        DataType::Struct(own) => {
            let planned = match field.data_type() {
                DataType::Struct(planned) if planned.len() == own.len() => planned,
                _ => own,
            };
            let columns = planned.iter().zip(array.as_struct().columns());
            let members = columns.map(|(field, column)| {
                Ok((field.name().clone(), JsonColumn::try_new(field, column.as_ref())?))
            });
            Values::Record(members.collect::<Result<_, GeometryError>>()?)
        }
        DataType::Map(..) => {
            let map = array.as_map();
            let of = |array: &'a dyn Array| {
                let field = Field::new("", array.data_type().clone(), true);
                JsonColumn::try_new(&field, array).map(Box::new)
            };
            let ranges = Box::new(|row| range(map.value_offsets(), row));
            Values::Map(ranges, of(map.keys().as_ref())?, of(map.values().as_ref())?)
        }
        _ => Values::Other(formatter(array)?),
    })
}

fn texts(array: &dyn Array) -> Texts<'_> {
    match array.data_type() {
        DataType::LargeUtf8 => {
            let texts = array.as_string::<i64>();
            Box::new(|row| texts.value(row))
        }
        DataType::Utf8View => {
            let texts = array.as_string_view();
            Box::new(|row| texts.value(row))
        }
        _ => {
            let texts = array.as_string::<i32>();
            Box::new(|row| texts.value(row))
        }
    }
}

fn range<O: Copy + TryInto<usize>>(offsets: &[O], row: usize) -> Range<usize> {
    let at = |index: usize| {
        offsets.get(index).and_then(|offset| (*offset).try_into().ok()).unwrap_or_default()
    };
    at(row)..at(row + 1)
}

fn formatter(array: &dyn Array) -> Result<ArrayFormatter<'_>, GeometryError> {
    ArrayFormatter::try_new(array, &FormatOptions::default()).map_err(|error| failed(&error))
}

fn shown(text: &ArrayFormatter<'_>, row: usize) -> Result<String, GeometryError> {
    text.value(row).try_to_string().map_err(|error| failed(&error))
}

fn failed(error: &ArrowError) -> GeometryError {
    GeometryError::InvalidArgument { reason: error.to_string() }
}

/// Writes a JSON text as what it says, if it is sound.
fn write_json(text: &str, out: &mut String) {
    if serde_json::from_str::<&RawValue>(text).is_ok() {
        out.push_str(text);
    } else {
        write_string(text, out);
    }
}

/// Writes a time or timestamp of ISO 8601 as `PostgreSQL` does.
fn write_moment(text: &str, out: &mut String) {
    let time = text.find('T').unwrap_or_default();
    let zone = text.get(time..).and_then(|text| text.find(['Z', '+', '-'])).map(|at| time + at);
    let (moment, zone) = zone.and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""));
    let moment = match moment.split_once('.') {
        Some(_) => moment.trim_end_matches('0').trim_end_matches('.'),
        None => moment,
    };
    out.push('"');
    out.push_str(moment);
    out.push_str(if zone == "Z" { "+00:00" } else { zone });
    out.push('"');
}

impl std::fmt::Debug for JsonColumn<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("JsonColumn").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Float64Array, StringArray, StructArray};
    use arrow::datatypes::Fields;

    use super::super::as_json;
    use super::*;

    #[test]
    fn moments_are_those_of_postgresql() {
        let cases = [
            ("2024-01-05T10:00:00.500", "\"2024-01-05T10:00:00.5\""),
            ("2024-01-05T10:00:00Z", "\"2024-01-05T10:00:00+00:00\""),
            ("2024-01-05T10:00:00.000-05:30", "\"2024-01-05T10:00:00-05:30\""),
            ("10:00:00.250", "\"10:00:00.25\""),
            ("10:00:00", "\"10:00:00\""),
        ];
        for (text, expected) in cases {
            let mut found = String::new();
            write_moment(text, &mut found);
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn texts_are_json_where_the_plan_says_so() {
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("[1, 2]"), Some("[1,"), None]));
        let numbers: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.5, 1e20]));
        let forgotten = Fields::from(vec![
            Field::new("j", DataType::Utf8, true),
            Field::new("n", DataType::Float64, true),
        ]);
        let planned = Field::new_struct(
            "",
            vec![
                as_json(Field::new("j", DataType::Utf8, true)),
                Field::new("n", DataType::Float64, true),
            ],
            true,
        );
        let records = StructArray::new(forgotten, vec![texts, numbers], None);
        let column = JsonColumn::try_new(&planned, &records).unwrap();
        let expected =
            ["{\"j\":[1, 2],\"n\":1}", "{\"j\":\"[1,\",\"n\":2.5}", "{\"j\":null,\"n\":1e+20}"];
        for (row, expected) in expected.into_iter().enumerate() {
            let mut found = String::new();
            column.write(row, &mut found).unwrap();
            assert_eq!(found, expected);
        }
        assert!(column.is_composite());
    }
}
