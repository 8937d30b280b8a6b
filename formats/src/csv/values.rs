//! The values of a column as the type that was found for it. A value that would not read back as
//! it was written is refused like one that is of another type altogether.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanBuilder, PrimitiveArray, PrimitiveBuilder, StringViewArray};
use arrow::compute::kernels::cast_utils::{Parser as _, string_to_datetime};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Float64Type, Int64Type, TimeUnit,
    TimestampMicrosecondType,
};
use chrono::Utc;

use crate::csv::types::{Seen, is_plain_number, moment_kind, short_integer};
use crate::moments::usual_micros;
use crate::objects::loses_digits;

/// Returns whether values of a type are read as text first.
pub(super) fn is_checked(data_type: &DataType) -> bool {
    use DataType::{Boolean, Date32, Float64, Int64, Timestamp};
    matches!(data_type, Boolean | Int64 | Float64 | Date32 | Timestamp(TimeUnit::Microsecond, _))
}

/// Returns so many texts as values of a type that [`is_checked`], or as they are, or the first row
/// that is refused.
pub(super) fn typed<'a>(
    texts: impl Iterator<Item = Option<&'a str>>,
    count: usize,
    data_type: &DataType,
) -> Result<ArrayRef, usize> {
    Ok(match data_type {
        DataType::Boolean => booleans(texts, count)?,
        DataType::Int64 => Arc::new(parsed::<Int64Type>(texts, count, integer)?),
        DataType::Float64 => Arc::new(parsed::<Float64Type>(texts, count, number)?),
        DataType::Date32 => Arc::new(parsed::<Date32Type>(texts, count, date)?),
        DataType::Timestamp(_, None) => {
            Arc::new(parsed::<TimestampMicrosecondType>(texts, count, time)?)
        }
        DataType::Timestamp(_, zone) => {
            let instants = parsed::<TimestampMicrosecondType>(texts, count, instant)?;
            Arc::new(instants.with_timezone_opt(zone.clone()))
        }
        _ => Arc::new(texts.collect::<StringViewArray>()),
    })
}

/// Returns what a value of a type is called in messages.
pub(super) fn called(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Boolean => "true or false",
        DataType::Int64 => "a whole number",
        DataType::Float64 => "a number",
        DataType::Date32 => "a date without a time",
        DataType::Timestamp(_, None) => "a time in microseconds without a zone",
        DataType::Timestamp(..) => "a time in microseconds with a zone",
        _ => "a text",
    }
}

fn parsed<'a, T: ArrowPrimitiveType>(
    texts: impl Iterator<Item = Option<&'a str>>,
    count: usize,
    parse: impl Fn(&str) -> Option<T::Native>,
) -> Result<PrimitiveArray<T>, usize> {
    let mut values = PrimitiveBuilder::<T>::with_capacity(count);
    for (row, text) in texts.enumerate() {
        match text {
            Some(text) => values.append_value(parse(text).ok_or(row)?),
            None => values.append_null(),
        }
    }
    Ok(values.finish())
}

fn booleans<'a>(
    texts: impl Iterator<Item = Option<&'a str>>,
    count: usize,
) -> Result<ArrayRef, usize> {
    let mut values = BooleanBuilder::with_capacity(count);
    for (row, text) in texts.enumerate() {
        match text {
            Some(text) if text.eq_ignore_ascii_case("true") => values.append_value(true),
            Some(text) if text.eq_ignore_ascii_case("false") => values.append_value(false),
            Some(_) => return Err(row),
            None => values.append_null(),
        }
    }
    Ok(Arc::new(values.finish()))
}

fn integer(text: &str) -> Option<i64> {
    if let Some(value) = short_integer(text) {
        return Some(value);
    }
    if is_plain_number(text) { Int64Type::parse(text) } else { None }
}

fn number(text: &str) -> Option<f64> {
    let number = if is_plain_number(text) { Float64Type::parse(text) } else { None };
    // What is larger than any double is none; infinity is spelled out.
    let is_written =
        |number: &f64| number.is_finite() || !text.bytes().any(|byte| byte.is_ascii_digit());
    number.filter(|number| is_written(number) && !loses_digits(*number, text.as_bytes()))
}

fn date(text: &str) -> Option<i32> {
    if moment_kind(text) == Seen::DATE { Date32Type::parse(text) } else { None }
}

fn time(text: &str) -> Option<i64> {
    usual_micros(text).or_else(|| match moment_kind(text) {
        Seen::DATE | Seen::TIMESTAMP => micros(text),
        _ => None,
    })
}

fn instant(text: &str) -> Option<i64> {
    let in_utc = text.strip_suffix(['Z', 'z']).and_then(usual_micros);
    in_utc.or_else(|| if moment_kind(text) == Seen::INSTANT { micros(text) } else { None })
}

fn micros(text: &str) -> Option<i64> {
    string_to_datetime(&Utc, text).ok().map(|moment| moment.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(data_type: &DataType, values: &[&str]) -> Vec<String> {
        let values = values
            .iter()
            .filter(|value| typed(std::iter::once(Some(**value)), 1, data_type).is_err());
        values.map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn values_that_would_change_are_refused() {
        let numbers = ["0", "-0", "7", "-12", "00501", "-01", "+1", "1.5", "abc", ""];
        assert_eq!(refused(&DataType::Int64, &numbers), ["00501", "-01", "+1", "1.5", "abc", ""]);
        let numbers = [
            "0.5",
            "-0.25",
            ".5",
            "1e5",
            "7",
            "00.5",
            "+1.5",
            "inf",
            "99999999999999999999",
            "9007199254740993",
            "-1e400",
        ];
        assert_eq!(
            refused(&DataType::Float64, &numbers),
            ["00.5", "+1.5", "99999999999999999999", "9007199254740993", "-1e400"]
        );
        assert_eq!(refused(&DataType::Boolean, &["TRUE", "false", "t"]), ["t"]);
        let times = [
            "2020-01-02",
            "2020-01-02 10:30:00",
            "9999-12-31T00:00:00.123456",
            "2020-01-02 10:30:00.123456789",
            "2020-01-02T10:30:00Z",
            "2020-01-02T10:30:00.5+02:00",
            "2020-13-02",
            "20200102",
            "2020-01-2",
            "2020-01-02 10:30:00 Europe/Tallinn",
        ];
        assert_eq!(refused(&DataType::Date32, &times), times[1..]);
        let micros = |zone: Option<&str>| {
            refused(&DataType::Timestamp(TimeUnit::Microsecond, zone.map(Into::into)), &times)
        };
        assert_eq!(micros(None), times[3..]);
        let others = [&times[..4], &times[6..]].concat();
        assert_eq!(micros(Some("UTC")), others);
    }
}
