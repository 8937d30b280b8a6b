//! Intervals times and divided by numbers.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, IntervalMonthDayNanoArray};
use arrow::datatypes::{DataType, Float64Type, IntervalMonthDayNano, IntervalMonthDayNanoType};
use datafusion::common::Result;
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};
use super::{
    DAYS_OF_MONTH, INTERVAL, NANOSECONDS_OF_DAY, NANOSECONDS_OF_SECOND, interval, out_of_range,
    whole,
};
use crate::error::{Code, Error, external};

/// The function that `interval * number` is.
pub(crate) const INTERVAL_MULTIPLY: &str = "godwit_interval_multiply";

/// The function that `interval / number` is.
pub(crate) const INTERVAL_DIVIDE: &str = "godwit_interval_divide";

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let types = vec![takes(&[INTERVAL, DataType::Float64])];
    vec![
        Plain::new(INTERVAL_MULTIPLY, types.clone(), INTERVAL, multiply).into(),
        Plain::new(INTERVAL_DIVIDE, types, INTERVAL, divide).into(),
    ]
}

fn multiply(columns: &[ArrayRef]) -> Result<ArrayRef> {
    scale(columns, |part, factor| part * factor)
}

fn divide(columns: &[ArrayRef]) -> Result<ArrayRef> {
    if let [_, divisors] = columns
        && divisors.as_primitive::<Float64Type>().iter().flatten().any(|divisor| divisor == 0.0)
    {
        return Err(external(Error::new(Code::DivisionByZero, "division by zero")));
    }
    scale(columns, |part, divisor| part / divisor)
}

fn scale(columns: &[ArrayRef], by: fn(f64, f64) -> f64) -> Result<ArrayRef> {
    let [intervals, numbers] = columns else { return Err(out_of_range()) };
    let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>().iter();
    let numbers = numbers.as_primitive::<Float64Type>().iter();
    let scaled = intervals.zip(numbers).map(|pair| match pair {
        (Some(of), Some(number)) => {
            scaled(of, |part| by(part, number)).ok_or_else(out_of_range).map(Some)
        }
        _ => Ok(None),
    });
    Ok(Arc::new(scaled.collect::<Result<IntervalMonthDayNanoArray>>()?))
}

/// Scales the parts of an interval. What is left of months is days, thirty a month, and what is
/// left of days is time.
pub(super) fn scaled(
    of: IntervalMonthDayNano,
    by: impl Fn(f64) -> f64,
) -> Option<IntervalMonthDayNano> {
    let months = by(f64::from(of.months));
    let days = by(f64::from(of.days));
    let days_of_months = to_microseconds(months.fract() * f64::from(DAYS_OF_MONTH));
    let seconds = (days.fract() + days_of_months.fract()) * 86_400.0;
    // An interval of whole microseconds stays one, as all those of PostgreSQL are.
    let unit = if of.nanoseconds % 1000 == 0 { 1000 } else { 1 };
    let nanoseconds = whole(by((of.nanoseconds / unit) as f64))?.checked_mul(unit)?;
    let rest = whole(to_microseconds(seconds) * NANOSECONDS_OF_SECOND as f64)?;
    let (more_days, rest) = (rest / NANOSECONDS_OF_DAY, rest % NANOSECONDS_OF_DAY);
    let days = whole(days.trunc())? + whole(days_of_months.trunc())? + more_days;
    interval(whole(months.trunc())?, days, nanoseconds.checked_add(rest)?)
}

/// Returns what lies between two intervals, at a part of the way.
pub(crate) fn between(
    low: IntervalMonthDayNano,
    high: IntervalMonthDayNano,
    part: f64,
) -> Result<IntervalMonthDayNano> {
    let way = interval(
        i64::from(high.months) - i64::from(low.months),
        i64::from(high.days) - i64::from(low.days),
        high.nanoseconds.checked_sub(low.nanoseconds).ok_or_else(out_of_range)?,
    );
    let way = way.and_then(|way| scaled(way, |of| of * part)).ok_or_else(out_of_range)?;
    let nanoseconds = low.nanoseconds.checked_add(way.nanoseconds).ok_or_else(out_of_range)?;
    interval(
        i64::from(low.months) + i64::from(way.months),
        i64::from(low.days) + i64::from(way.days),
        nanoseconds,
    )
    .ok_or_else(out_of_range)
}

/// Rounds to six digits, which takes away what binary fractions are off.
fn to_microseconds(value: f64) -> f64 {
    (value * 1e6).round_ties_even() / 1e6
}
