//! The `add` action of a file that was just written, with the statistics that let readers skip it.

use std::collections::{BTreeMap, HashMap};

use arrow::datatypes::DataType;
use chrono::{NaiveDate, TimeDelta, Utc};
use deltalake_core::kernel::Add;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::statistics::Statistics;
use serde_json::{Map, Value};

use super::StoredSchema;
use super::scalar::{timestamp_text, timestamp_zone};

/// How many columns, besides bounding boxes, have statistics; what other writers do by default.
const INDEXED_COLUMNS: usize = 32;

/// Returns the action that adds a file to a table.
pub(crate) fn add_action(
    path: String,
    size: u64,
    metadata: &ParquetMetaData,
    schema: &StoredSchema,
    partition_values: HashMap<String, Option<String>>,
) -> Add {
    Add {
        path,
        partition_values,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        modification_time: Utc::now().timestamp_millis(),
        data_change: true,
        stats: Some(statistics(metadata, schema)),
        ..Add::default()
    }
}

/// Returns the statistics as the text that the log holds.
fn statistics(metadata: &ParquetMetaData, schema: &StoredSchema) -> String {
    let mut low = BTreeMap::new();
    let mut high = BTreeMap::new();
    let mut nulls = Map::new();
    let mut indexed = 0;
    for (leaf, descriptor) in metadata.file_metadata().schema_descr().columns().iter().enumerate() {
        let parts = descriptor.path().parts();
        let Some(top) = parts.first() else {
            continue;
        };
        let Ok(field) = schema.table.field_with_name(top) else {
            continue;
        };
        let is_box = schema.bounds.iter().any(|(_, boxes)| schema.table.field(*boxes) == field);
        let data_type = match parts {
            [_] if indexed < INDEXED_COLUMNS => {
                indexed += 1;
                field.data_type()
            }
            [_, _] if is_box => &DataType::Float64,
            _ => continue,
        };
        let Some(column) = Summary::of(metadata, leaf, data_type) else {
            continue;
        };
        put(&mut nulls, parts, Value::from(column.nulls));
        if let Some((minimum, maximum)) = column.bounds {
            low.insert(parts.to_vec(), minimum);
            high.insert(parts.to_vec(), maximum);
        }
    }
    let rows = metadata.file_metadata().num_rows();
    format!(
        "{{\"numRecords\":{rows},\"minValues\":{},\"maxValues\":{},\"nullCount\":{}}}",
        object(&low),
        object(&high),
        Value::Object(nulls)
    )
}

/// What a file says about one leaf column. Bounds are JSON.
struct Summary {
    nulls: u64,
    bounds: Option<(String, String)>,
}

impl Summary {
    /// Returns the summary over all row groups, if each of them knows its nulls.
    fn of(metadata: &ParquetMetaData, leaf: usize, data_type: &DataType) -> Option<Self> {
        let mut nulls = 0;
        let mut bounds: Option<(Bound, Bound)> = None;
        let mut is_bounded = true;
        for group in metadata.row_groups() {
            let chunk = group.columns().get(leaf)?;
            let statistics = chunk.statistics()?;
            let null_count = statistics.null_count_opt()?;
            nulls += null_count;
            if i64::try_from(null_count) == Ok(chunk.num_values()) {
                continue;
            }
            match bounds_of(statistics, data_type) {
                Some((low, high)) => {
                    bounds = Some(match bounds {
                        Some((least, greatest)) => (least.min(low), greatest.max(high)),
                        None => (low, high),
                    });
                }
                None => is_bounded = false,
            }
        }
        let bounds = bounds
            .filter(|_| is_bounded)
            .and_then(|(low, high)| Some((low.to_json(data_type)?, high.to_json(data_type)?)));
        Some(Self { nulls, bounds })
    }
}

/// A bound of one row group, in the order of its type.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
enum Bound {
    Integer(i128),
    Number(f64),
    Text(String),
}

impl Bound {
    fn min(self, other: Self) -> Self {
        if other < self { other } else { self }
    }

    fn max(self, other: Self) -> Self {
        if other > self { other } else { self }
    }

    fn to_json(&self, data_type: &DataType) -> Option<String> {
        match (self, data_type) {
            (Self::Text(text), _) => Some(Value::from(text.as_str()).to_string()),
            (Self::Number(number), DataType::Float32) => {
                #[expect(clippy::cast_possible_truncation, reason = "it was a single before")]
                let single = *number as f32;
                single.is_finite().then(|| format!("{single:?}"))
            }
            (Self::Number(number), _) => number.is_finite().then(|| format!("{number:?}")),
            (Self::Integer(days), DataType::Date32) => {
                let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
                let days = TimeDelta::try_days(i64::try_from(*days).ok()?)?;
                let date = epoch.checked_add_signed(days)?;
                let year = chrono::Datelike::year(&date);
                (0..=9999).contains(&year).then(|| format!("\"{}\"", date.format("%Y-%m-%d")))
            }
            (Self::Integer(value), DataType::Decimal128(_, scale)) => {
                Some(decimal_text(*value, u32::try_from(*scale).ok()?))
            }
            (Self::Integer(value), data_type) => match timestamp_zone(data_type) {
                Some(has_zone) => {
                    let text = timestamp_text(i64::try_from(*value).ok()?, has_zone, 'T')?;
                    Some(format!("\"{text}\""))
                }
                None => Some(value.to_string()),
            },
        }
    }
}

fn bounds_of(statistics: &Statistics, data_type: &DataType) -> Option<(Bound, Bound)> {
    let integer = |low: i128, high: i128| (Bound::Integer(low), Bound::Integer(high));
    match (statistics, data_type) {
        (Statistics::Int32(column), _) => {
            Some(integer((*column.min_opt()?).into(), (*column.max_opt()?).into()))
        }
        (Statistics::Int64(column), _) => {
            Some(integer((*column.min_opt()?).into(), (*column.max_opt()?).into()))
        }
        (Statistics::Float(column), _) => Some((
            Bound::Number((*column.min_opt()?).into()),
            Bound::Number((*column.max_opt()?).into()),
        )),
        (Statistics::Double(column), _) => {
            Some((Bound::Number(*column.min_opt()?), Bound::Number(*column.max_opt()?)))
        }
        (Statistics::FixedLenByteArray(_), DataType::Decimal128(_, _)) => Some(integer(
            big_endian(statistics.min_bytes_opt()?)?,
            big_endian(statistics.max_bytes_opt()?)?,
        )),
        (Statistics::ByteArray(_), DataType::Utf8) => {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok().map(Bound::Text);
            Some((text(statistics.min_bytes_opt()?)?, text(statistics.max_bytes_opt()?)?))
        }
        _ => None,
    }
}

/// Returns the number that two's complement bytes, the highest first, stand for.
fn big_endian(bytes: &[u8]) -> Option<i128> {
    let first = *bytes.first()?;
    let sign = if first & 0x80 == 0 { 0 } else { -1 };
    (bytes.len() <= 16)
        .then(|| bytes.iter().fold(sign, |value: i128, byte| (value << 8) | i128::from(*byte)))
}

fn decimal_text(value: i128, scale: u32) -> String {
    let digits = value.unsigned_abs().to_string();
    let scale = usize::try_from(scale).unwrap_or(0);
    let sign = if value < 0 { "-" } else { "" };
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at_checked(padded.len() - scale).unwrap_or((&padded, "0"));
    format!("{sign}{whole}.{fraction}")
}

/// Puts a value under its column, and if that is a struct under its field.
fn put(object: &mut Map<String, Value>, path: &[String], value: Value) {
    match path {
        [name] => {
            object.insert(name.clone(), value);
        }
        [name, rest @ ..] => {
            let inner = object.entry(name.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
        [] => {}
    }
}

/// Returns the JSON object of bounds, whose numbers are kept digit by digit.
fn object(bounds: &BTreeMap<Vec<String>, String>) -> String {
    let mut members: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    let mut texts = Vec::new();
    for (path, json) in bounds {
        match path.as_slice() {
            [name] => texts.push(format!("{}:{json}", Value::from(name.as_str()))),
            [name, field] => members.entry(name).or_default().push((field, json)),
            _ => {}
        }
    }
    for (name, fields) in members {
        let fields: Vec<String> =
            fields.iter().map(|(field, json)| format!("{}:{json}", Value::from(*field))).collect();
        texts.push(format!("{}:{{{}}}", Value::from(name), fields.join(",")));
    }
    format!("{{{}}}", texts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_digits() {
        assert_eq!(decimal_text(-5, 2), "-0.05");
        assert_eq!(decimal_text(12345, 2), "123.45");
        assert_eq!(decimal_text(i128::MAX, 0), i128::MAX.to_string());
    }

    #[test]
    fn big_numbers_are_read_from_their_bytes() {
        assert_eq!(big_endian(&[0xff, 0xfe]), Some(-2));
        assert_eq!(big_endian(&[0, 0xfe]), Some(254));
        assert_eq!(big_endian(&[0; 17]), None);
        assert_eq!(big_endian(&(-7_i128).to_be_bytes()), Some(-7));
    }

    #[test]
    fn bounds_are_written_by_type() {
        let json = |bound: Bound, data_type: &DataType| bound.to_json(data_type);
        assert_eq!(json(Bound::Integer(0), &DataType::Date32).unwrap(), "\"1970-01-01\"");
        assert_eq!(json(Bound::Number(f64::INFINITY), &DataType::Float64), None);
        assert_eq!(json(Bound::Number(0.1), &DataType::Float64).unwrap(), "0.1");
        assert_eq!(json(Bound::Text("\"".to_owned()), &DataType::Utf8).unwrap(), "\"\\\"\"");
        assert_eq!(json(Bound::Integer(1), &DataType::Int16).unwrap(), "1");
    }
}
