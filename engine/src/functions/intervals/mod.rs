//! Functions of intervals, with the answers of `PostgreSQL`:
//! <https://www.postgresql.org/docs/current/functions-datetime.html>.

mod age;
mod amounts;
mod choice;
mod justify;
mod length;
mod make;
mod scale;
mod spans;
mod totals;
mod truncate;

use arrow::datatypes::{DataType, IntervalMonthDayNano, IntervalUnit};
use datafusion::logical_expr::ScalarUDF;

use length::length_of;

use crate::error::{Code, Error, external};

pub(crate) use amounts::interval_amounts;
pub(crate) use length::{interval_length, lengths};
pub(crate) use scale::{INTERVAL_DIVIDE, INTERVAL_MULTIPLY, between};
pub(crate) use spans::interval_of_span;
pub(super) use totals::{IntervalExtreme, IntervalTotal};
pub(super) use truncate::truncated_intervals;

/// The type of an interval.
pub(super) const INTERVAL: DataType = DataType::Interval(IntervalUnit::MonthDayNano);

const DAYS_OF_MONTH: i32 = 30;
const NANOSECONDS_OF_SECOND: i64 = 1_000_000_000;
pub(super) const NANOSECONDS_OF_DAY: i64 = 86_400 * NANOSECONDS_OF_SECOND;

/// Returns the functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let mut functions = scale::all();
    functions.push(interval_amounts());
    functions.push(interval_length());
    functions.push(interval_of_span());
    functions.push(age::age());
    functions.extend(choice::all());
    functions.extend(justify::all());
    functions.push(make::make_interval());
    functions
}

/// Returns an interval of parts that may be too large for one.
fn interval(months: i64, days: i64, nanoseconds: i64) -> Option<IntervalMonthDayNano> {
    let (months, days) = (i32::try_from(months).ok()?, i32::try_from(days).ok()?);
    Some(IntervalMonthDayNano::new(months, days, nanoseconds))
}

fn out_of_range() -> datafusion::common::DataFusionError {
    external(Error::new(Code::DatetimeOverflow, "interval out of range"))
}

/// Returns the integer next to a number, if it is small enough.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn whole(value: f64) -> Option<i64> {
    // Two to the power of 63.
    let end = -(i64::MIN as f64);
    let rounded = value.round_ties_even();
    (-end..end).contains(&rounded).then_some(rounded as i64)
}
