//! `justify_days`, `justify_hours` and `justify_interval`: thirty days as a month, 24 hours as a day.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, IntervalMonthDayNanoArray};
use arrow::datatypes::{IntervalMonthDayNano, IntervalMonthDayNanoType};
use datafusion::common::Result;
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::Plain;
use super::spans::{interval_or_span, intervals_of};
use super::{DAYS_OF_MONTH, INTERVAL, NANOSECONDS_OF_DAY, interval, out_of_range};

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 3] {
    let types = interval_or_span;
    [
        Plain::new("justify_days", types(), INTERVAL, |columns| each(columns, days)).into(),
        Plain::new("justify_hours", types(), INTERVAL, |columns| each(columns, hours)).into(),
        Plain::new("justify_interval", types(), INTERVAL, |columns| each(columns, both)).into(),
    ]
}

type Justify = fn(IntervalMonthDayNano) -> Option<IntervalMonthDayNano>;

fn each(columns: &[ArrayRef], justify: Justify) -> Result<ArrayRef> {
    let [intervals] = columns else { return Err(out_of_range()) };
    let intervals = intervals_of(intervals)?;
    let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>().iter();
    let justified = intervals
        .map(|interval| interval.map(|of| justify(of).ok_or_else(out_of_range)).transpose())
        .collect::<Result<IntervalMonthDayNanoArray>>()?;
    Ok(Arc::new(justified))
}

fn days(of: IntervalMonthDayNano) -> Option<IntervalMonthDayNano> {
    let (more, days) = carried(i64::from(of.days), DAYS_OF_MONTH.into());
    let (months, days) = one_sign(i64::from(of.months) + more, days, DAYS_OF_MONTH.into());
    interval(months, days, of.nanoseconds)
}

fn hours(of: IntervalMonthDayNano) -> Option<IntervalMonthDayNano> {
    let (more, time) = carried(of.nanoseconds, NANOSECONDS_OF_DAY);
    let (days, time) = one_sign(i64::from(of.days) + more, time, NANOSECONDS_OF_DAY);
    interval(of.months.into(), days, time)
}

/// All parts get one sign: an hour less than a month is 29 days and 23 hours.
fn both(of: IntervalMonthDayNano) -> Option<IntervalMonthDayNano> {
    let (more, time) = carried(of.nanoseconds, NANOSECONDS_OF_DAY);
    let (more, days) = carried(i64::from(of.days) + more, DAYS_OF_MONTH.into());
    let months = i64::from(of.months) + more;
    let below = if days == 0 { time } else { days };
    let (months, days) = match months {
        1.. if below < 0 => (months - 1, days + i64::from(DAYS_OF_MONTH)),
        ..=-1 if below > 0 => (months + 1, days - i64::from(DAYS_OF_MONTH)),
        _ => (months, days),
    };
    let (days, time) = one_sign(days, time, NANOSECONDS_OF_DAY);
    interval(months, days, time)
}

/// Returns how often a unit fits into a value, and the rest.
fn carried(value: i64, unit: i64) -> (i64, i64) {
    (value / unit, value % unit)
}

/// Returns large and small parts of one sign, so many of these in one of those.
fn one_sign(large: i64, small: i64, unit: i64) -> (i64, i64) {
    if large > 0 && small < 0 {
        (large - 1, small + unit)
    } else if large < 0 && small > 0 {
        (large + 1, small - unit)
    } else {
        (large, small)
    }
}
