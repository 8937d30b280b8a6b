//! `make_interval(years, months, weeks, days, hours, mins, secs)`.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, IntervalMonthDayNanoArray};
use arrow::datatypes::{DataType, Float64Type, Int64Type, IntervalMonthDayNano};
use datafusion::common::Result;
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};
use super::{INTERVAL, NANOSECONDS_OF_SECOND, interval, out_of_range, whole};

/// Returns the function. Parts that are left out at the end are zero.
pub(super) fn make_interval() -> ScalarUDF {
    let integers = (1..=6).map(|count| takes(&vec![DataType::Int64; count]));
    let mut whole = vec![DataType::Int64; 6];
    whole.push(DataType::Float64);
    let types = integers.chain([takes(&whole)]).collect();
    Plain::new("make_interval", types, INTERVAL, make).into()
}

fn make(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let (integers, seconds) = columns.split_at(columns.len().min(6));
    let rows = columns.first().map_or(0, Array::len);
    let integer = |row: usize, place: usize| match integers.get(place) {
        None => Some(0),
        Some(column) => {
            let column = column.as_primitive::<Int64Type>();
            column.is_valid(row).then(|| column.value(row))
        }
    };
    let second = |row: usize| match seconds.first() {
        None => Some(0.0),
        Some(column) => {
            let column = column.as_primitive::<Float64Type>();
            column.is_valid(row).then(|| column.value(row))
        }
    };
    let made = (0..rows).map(|row| {
        let integers = [0, 1, 2, 3, 4, 5].map(|place| integer(row, place));
        let [Some(years), Some(months), Some(weeks), Some(days), Some(hours), Some(minutes)] =
            integers
        else {
            return Ok(None);
        };
        let Some(seconds) = second(row) else { return Ok(None) };
        let made = of_parts([years, months], [weeks, days], [hours, minutes], seconds);
        made.ok_or_else(out_of_range).map(Some)
    });
    Ok(Arc::new(made.collect::<Result<IntervalMonthDayNanoArray>>()?))
}

fn of_parts(
    [years, months]: [i64; 2],
    [weeks, days]: [i64; 2],
    [hours, minutes]: [i64; 2],
    seconds: f64,
) -> Option<IntervalMonthDayNano> {
    // Microseconds, as finer parts of a binary fraction are noise.
    let microseconds = whole(seconds * 1e6)?;
    let minutes = hours.checked_mul(60)?.checked_add(minutes)?;
    let time = minutes.checked_mul(60 * NANOSECONDS_OF_SECOND)?;
    interval(
        years.checked_mul(12)?.checked_add(months)?,
        weeks.checked_mul(7)?.checked_add(days)?,
        time.checked_add(microseconds.checked_mul(1000)?)?,
    )
}
