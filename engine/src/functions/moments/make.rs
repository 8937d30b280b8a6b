//! `make_time(hour, minute, second)` and `make_timestamp(year, month, day, hour, minute, second)`.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray as _, Time64MicrosecondArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit};
use chrono::{Datelike as _, NaiveDate};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};
use crate::error::{Code, Error, external};

const MICROSECONDS_OF_SECOND: i64 = 1_000_000;
const MICROSECONDS_OF_DAY: i64 = 86_400 * MICROSECONDS_OF_SECOND;

/// The days of the common calendar before 1970.
const DAYS_BEFORE_1970: i64 = 719_163;

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 2] {
    let numbers = |integers: usize| {
        let mut types = vec![DataType::Int64; integers];
        types.push(DataType::Float64);
        vec![takes(&types)]
    };
    let time = DataType::Time64(TimeUnit::Microsecond);
    let timestamp = DataType::Timestamp(TimeUnit::Microsecond, None);
    [
        Plain::new("make_time", numbers(2), time, times).into(),
        Plain::new("make_timestamp", numbers(5), timestamp, timestamps).into(),
    ]
}

fn times(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let times = rows(columns).map(|row| {
        let Some((integers, second)) = row else { return Ok(None) };
        let [hour, minute] = integers.as_slice() else { return wrong_count() };
        let time = time(*hour, *minute, second)?;
        // The end of a day is no time of it here.
        if time == MICROSECONDS_OF_DAY {
            return Err(time_out_of_range(*hour, *minute, second));
        }
        Ok(Some(time))
    });
    Ok(Arc::new(times.collect::<Result<Time64MicrosecondArray>>()?))
}

fn timestamps(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let timestamps = rows(columns).map(|row| {
        let Some((integers, second)) = row else { return Ok(None) };
        let [year, month, day, hour, minute] = integers.as_slice() else { return wrong_count() };
        let days = days(*year, *month, *day)?;
        Ok(Some(days * MICROSECONDS_OF_DAY + time(*hour, *minute, second)?))
    });
    Ok(Arc::new(timestamps.collect::<Result<TimestampMicrosecondArray>>()?))
}

/// Returns the integers and the seconds of each row; nothing where one of them is NULL.
fn rows(columns: &[ArrayRef]) -> impl Iterator<Item = Option<(Vec<i64>, f64)>> {
    let count = columns.first().map_or(0, Array::len);
    (0..count).map(move |row| {
        let (seconds, integers) = columns.split_last()?;
        if columns.iter().any(|column| column.is_null(row)) {
            return None;
        }
        let integers = integers.iter().map(|column| column.as_primitive::<Int64Type>().value(row));
        Some((integers.collect(), seconds.as_primitive::<Float64Type>().value(row)))
    })
}

/// Returns the days since 1970. Before the year 1 is the year -1.
fn days(year: i64, month: i64, day: i64) -> Result<i64> {
    let date = || {
        let year = match year {
            0 => return None,
            ..0 => i32::try_from(year + 1).ok()?,
            _ => i32::try_from(year).ok()?,
        };
        NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
    };
    let date = date().ok_or_else(|| {
        out_of_range(&format!("date field value out of range: {year}-{month:02}-{day:02}"))
    })?;
    Ok(i64::from(date.num_days_from_ce()) - DAYS_BEFORE_1970)
}

/// Returns the microseconds since midnight.
fn time(hour: i64, minute: i64, second: f64) -> Result<i64> {
    let refused = || time_out_of_range(hour, minute, second);
    if !(0..=24).contains(&hour) || !(0..60).contains(&minute) || !(0.0..=60.0).contains(&second) {
        return Err(refused());
    }
    let time = (hour * 60 + minute) * 60 * MICROSECONDS_OF_SECOND + microseconds(second);
    if time > MICROSECONDS_OF_DAY { Err(refused()) } else { Ok(time) }
}

#[expect(clippy::cast_possible_truncation, reason = "a minute has less of them")]
fn microseconds(second: f64) -> i64 {
    (second * 1e6).round_ties_even() as i64
}

fn time_out_of_range(hour: i64, minute: i64, second: f64) -> DataFusionError {
    out_of_range(&format!("time field value out of range: {hour}:{minute:02}:{second:02}"))
}

fn out_of_range(message: &str) -> DataFusionError {
    external(Error::new(Code::DatetimeOverflow, message))
}

fn wrong_count<T>() -> Result<T> {
    exec_err!("a moment is made of more numbers")
}
