//! Values of the log's JSON to and from Arrow scalars.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use arrow::datatypes::{DataType, Field, Fields, Schema, TimeUnit};
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, ScalarValue, Statistics};
use godwit_formats::covering::{BoundsPrecision, bbox_precision};
use godwit_geometry::{Bounds, Extent};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::BOUNDS_FIELDS;

/// The statistics of one file, as its `add` action carries them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FileStatistics<'a> {
    num_records: Option<usize>,
    #[serde(borrow)]
    min_values: HashMap<Cow<'a, str>, &'a RawValue>,
    #[serde(borrow)]
    max_values: HashMap<Cow<'a, str>, &'a RawValue>,
    #[serde(borrow)]
    null_count: HashMap<Cow<'a, str>, &'a RawValue>,
}

impl<'a> FileStatistics<'a> {
    /// Returns the statistics in a text; a text that cannot be read says nothing.
    pub(super) fn parse(text: &'a str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Returns what is known about the file columns.
    pub(super) fn columns(&self, fields: &Fields, size: u64) -> Statistics {
        let mut statistics = Statistics::new_unknown(&Schema::new(fields.clone()));
        let Some(rows) = self.num_records else {
            return statistics;
        };
        statistics.num_rows = Precision::Exact(rows);
        statistics.total_byte_size =
            usize::try_from(size).map_or(Precision::Absent, Precision::Inexact);
        for (column, field) in statistics.column_statistics.iter_mut().zip(fields) {
            *column = self.column(field.name(), field.data_type());
        }
        statistics
    }

    /// Returns the box around the geometries whose boxes are in a column.
    ///
    /// Only our own writers are known to leave out no box but those of geometries that are NULL
    /// or empty.
    pub(super) fn extent(&self, boxes: &Field, is_own_file: bool) -> Extent {
        let nulls =
            self.null_count.get(boxes.name().as_str()).and_then(|raw| leaf(raw, BOUNDS_FIELDS[0]));
        let nulls = nulls.and_then(|nulls| nulls.parse().ok());
        if nulls.is_some() && nulls == self.num_records && is_own_file {
            return Extent::Empty;
        }
        if !is_own_file && nulls != Some(0) {
            return Extent::Unknown;
        }
        self.bounds(boxes).map_or(Extent::Unknown, Extent::from_stored)
    }

    fn bounds(&self, boxes: &Field) -> Option<Bounds> {
        let [xmin, ymin, xmax, ymax] = BOUNDS_FIELDS;
        let precision = bbox_precision(boxes)?;
        let boxes = boxes.name().as_str();
        let (low, high) = (self.min_values.get(boxes)?, self.max_values.get(boxes)?);
        // A single may be written with the digits that tell it from other singles, which is less
        // than its value has.
        let number = |raw: &RawValue, name: &str| match precision {
            BoundsPrecision::Single => leaf(raw, name)?.parse::<f32>().ok().map(f64::from),
            BoundsPrecision::Double => leaf(raw, name)?.parse::<f64>().ok(),
        };
        Some(Bounds::new(
            number(low, xmin)?,
            number(low, ymin)?,
            number(high, xmax)?,
            number(high, ymax)?,
        ))
    }

    fn column(&self, name: &str, data_type: &DataType) -> ColumnStatistics {
        let mut column = ColumnStatistics::new_unknown();
        let nulls = self.null_count.get(name).and_then(|raw| raw.get().parse().ok());
        if let Some(nulls) = nulls {
            column.null_count = Precision::Exact(nulls);
        }
        // Bounds may be wider than the values: texts are cut, times are rounded.
        if let Some(low) = self.min_values.get(name).and_then(|raw| scalar(raw, data_type)) {
            column.min_value = Precision::Inexact(low);
        }
        if let Some(high) = self.max_values.get(name).and_then(|raw| scalar(raw, data_type)) {
            column.max_value = Precision::Inexact(widen(high));
        }
        column
    }
}

/// Returns the value of a partition column in one file.
pub(super) fn partition_value(text: Option<&str>, data_type: &DataType) -> Option<ScalarValue> {
    match text {
        None | Some("") => ScalarValue::try_from(data_type).ok(),
        Some(text) if is_bytes(data_type) => {
            let bytes = unescaped_bytes(text).unwrap_or_else(|| text.as_bytes().to_vec());
            ScalarValue::Binary(Some(bytes)).cast_to(data_type).ok()
        }
        Some(text) => ScalarValue::try_from_string(text.to_owned(), data_type).ok(),
    }
}

/// Returns whether values of the type are bytes, which the log escapes.
pub(super) fn is_bytes(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
}

/// Returns bytes as the log writes them: `\u0061\u00FF`.
pub(super) fn escaped_bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 6);
    for byte in bytes {
        // Writing to memory cannot fail.
        let _ = write!(text, "\\u{byte:04X}");
    }
    text
}

/// Returns the bytes that a text of escapes stands for. Some writers put texts there as they are,
/// which are no such text.
fn unescaped_bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("\\u")?.split("\\u");
    let byte = |digits: &str| match digits.split_at_checked(2)? {
        ("00", byte) if byte.len() == 2 && !byte.starts_with('+') => {
            u8::from_str_radix(byte, 16).ok()
        }
        _ => None,
    };
    digits.map(byte).collect()
}

/// Returns a bound as a scalar, if it has a type that is compared by value.
fn scalar(raw: &RawValue, data_type: &DataType) -> Option<ScalarValue> {
    let comparable = data_type.is_numeric()
        || matches!(
            data_type,
            DataType::Utf8 | DataType::Utf8View | DataType::Date32 | DataType::Timestamp(_, _)
        );
    let text = raw.get();
    if !comparable || text == "null" {
        return None;
    }
    let text = if text.starts_with('"') {
        serde_json::from_str::<String>(text).ok()?
    } else {
        text.to_owned()
    };
    ScalarValue::try_from_string(text, data_type).ok().filter(|value| !value.is_null())
}

/// Returns an upper bound that also covers times that were cut to milliseconds.
fn widen(high: ScalarValue) -> ScalarValue {
    match high {
        ScalarValue::TimestampMicrosecond(Some(micros), zone) => {
            ScalarValue::TimestampMicrosecond(Some(micros.saturating_add(1000)), zone)
        }
        high => high,
    }
}

/// Returns the text of a number in an object.
fn leaf<'a>(raw: &'a RawValue, name: &str) -> Option<&'a str> {
    let object: HashMap<Cow<'a, str>, &'a RawValue> = serde_json::from_str(raw.get()).ok()?;
    Some(object.get(name)?.get())
}

/// Returns a time in the form that the log uses.
pub(super) fn timestamp_text(micros: i64, has_zone: bool, separator: char) -> Option<String> {
    let time = chrono::DateTime::from_timestamp_micros(micros)?;
    let year = chrono::Datelike::year(&time);
    if !(0..=9999).contains(&year) {
        return None;
    }
    let zone = if has_zone && separator == 'T' { "Z" } else { "" };
    Some(format!("{}{separator}{}{zone}", time.format("%Y-%m-%d"), time.format("%H:%M:%S%.6f")))
}

/// Returns whether the type is a time in microseconds, and if so whether it has a zone.
pub(super) fn timestamp_zone(data_type: &DataType) -> Option<bool> {
    match data_type {
        DataType::Timestamp(TimeUnit::Microsecond, zone) => Some(zone.is_some()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use godwit_formats::covering::bbox_field;

    use super::*;

    #[test]
    fn statistics_become_typed_bounds() {
        let text = r#"{"numRecords":3,
            "minValues":{"i":-1,"t":"a\"b","d":"2020-01-02","m":"2020-01-01T00:00:00.000Z",
                "g_bbox":{"xmin":-0.1,"ymin":1e-7,"xmax":5,"ymax":6}},
            "maxValues":{"i":7,"g_bbox":{"xmin":1,"ymin":2,"xmax":0.30000000000000004,"ymax":4}},
            "nullCount":{"i":1,"g_bbox":{"xmin":0}}}"#;
        let statistics = FileStatistics::parse(text);
        let fields = Fields::from(vec![
            Field::new("i", DataType::Int64, true),
            Field::new("t", DataType::Utf8View, true),
            Field::new("d", DataType::Date32, true),
            Field::new("m", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), true),
            Field::new("b", DataType::Binary, true),
        ]);
        let known = statistics.columns(&fields, 100);
        assert_eq!(known.num_rows, Precision::Exact(3));
        let minimum = |index: usize| known.column_statistics[index].min_value.get_value().cloned();
        assert_eq!(minimum(0), Some(ScalarValue::Int64(Some(-1))));
        assert_eq!(minimum(1), Some(ScalarValue::Utf8View(Some("a\"b".to_owned()))));
        assert_eq!(minimum(2), Some(ScalarValue::Date32(Some(18263))));
        assert!(minimum(3).is_some());
        assert_eq!(minimum(4), None);
        assert_eq!(known.column_statistics[0].null_count, Precision::Exact(1));
        let double = bbox_field("g_bbox", BoundsPrecision::Double);
        let bounds = Bounds::new(-0.1, 1e-7, 0.1 + 0.2, 4.0);
        assert_eq!(statistics.extent(&double, false), Extent::Within(bounds));
        let single = bbox_field("g_bbox", BoundsPrecision::Single);
        let Extent::Within(bounds) = statistics.extent(&single, true) else { panic!("no box") };
        assert_eq!((bounds.xmin, bounds.xmax), (f64::from(-0.1_f32), f64::from(0.3_f32)));
        let other = bbox_field("other", BoundsPrecision::Double);
        assert_eq!(statistics.extent(&other, true), Extent::Unknown);
    }

    #[test]
    fn a_file_without_geometries_has_no_box() {
        let text = r#"{"numRecords":3,"nullCount":{"g_bbox":{"xmin":3}}}"#;
        let boxes = bbox_field("g_bbox", BoundsPrecision::Single);
        assert_eq!(FileStatistics::parse(text).extent(&boxes, true), Extent::Empty);
        assert_eq!(FileStatistics::parse("nonsense").extent(&boxes, true), Extent::Unknown);
    }

    #[test]
    fn other_writers_may_leave_out_boxes() {
        let boxes = bbox_field("g_bbox", BoundsPrecision::Double);
        let sides = r#"{"xmin":0,"ymin":0,"xmax":1,"ymax":1}"#;
        let bounds = Extent::Within(Bounds::new(0.0, 0.0, 1.0, 1.0));
        for (nulls, own, other) in [
            (r#","nullCount":{"g_bbox":{"xmin":0}}"#, bounds, bounds),
            (r#","nullCount":{"g_bbox":{"xmin":1}}"#, bounds, Extent::Unknown),
            (r#","nullCount":{"g_bbox":{"xmin":3}}"#, Extent::Empty, Extent::Unknown),
            ("", bounds, Extent::Unknown),
        ] {
            let text = format!(
                r#"{{"numRecords":3,"minValues":{{"g_bbox":{sides}}},"maxValues":{{"g_bbox":{sides}}}{nulls}}}"#
            );
            let statistics = FileStatistics::parse(&text);
            assert_eq!(statistics.extent(&boxes, true), own, "{text}");
            assert_eq!(statistics.extent(&boxes, false), other, "{text}");
        }
    }

    #[test]
    fn bytes_are_escaped_in_the_log() {
        let value = |text: &str| partition_value(Some(text), &DataType::Binary).unwrap();
        let bytes = |bytes: &[u8]| ScalarValue::Binary(Some(bytes.to_vec()));
        assert_eq!(escaped_bytes(b"a\xff\n"), "\\u0061\\u00FF\\u000A");
        assert_eq!(value("\\u0061\\u00FF\\u000a"), bytes(b"a\xff\n"));
        for text in ["abc", "\\u0061b", "\\u0161", "\\u00+1", "\\u", "é"] {
            assert_eq!(value(text), bytes(text.as_bytes()), "{text}");
        }
        let view = partition_value(Some("\\u00ff"), &DataType::BinaryView);
        assert_eq!(view, Some(ScalarValue::BinaryView(Some(vec![0xff]))));
    }

    #[test]
    fn times_have_the_form_of_the_log() {
        let text = timestamp_text(1_577_836_800_000_001, true, 'T').unwrap();
        assert_eq!(text, "2020-01-01T00:00:00.000001Z");
        assert_eq!(timestamp_text(0, false, ' ').unwrap(), "1970-01-01 00:00:00.000000");
        assert_eq!(timestamp_text(i64::MAX, true, 'T'), None);
    }
}
