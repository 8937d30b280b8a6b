//! How long intervals are, for comparisons: a month has thirty days, and a day 24 hours.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Decimal128Array};
use arrow::datatypes::{DataType, IntervalMonthDayNano, IntervalMonthDayNanoType};
use datafusion::common::Result;
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};
use super::{DAYS_OF_MONTH, INTERVAL, NANOSECONDS_OF_DAY, out_of_range};

/// Returns the function, whose answers are nanoseconds.
pub(crate) fn interval_length() -> ScalarUDF {
    let nanoseconds = DataType::Decimal128(38, 0);
    let types = vec![takes(&[INTERVAL])];
    Plain::new("godwit_interval_length", types, nanoseconds, lengths).strict().into()
}

/// Returns how many nanoseconds intervals are long.
pub(crate) fn lengths(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [intervals] = columns else { return Err(out_of_range()) };
    let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>().iter();
    let lengths: Decimal128Array = intervals.map(|interval| interval.map(length_of)).collect();
    Ok(Arc::new(lengths.with_precision_and_scale(38, 0)?))
}

/// Returns how many nanoseconds an interval has.
pub(super) fn length_of(of: IntervalMonthDayNano) -> i128 {
    let days = i128::from(of.months) * i128::from(DAYS_OF_MONTH) + i128::from(of.days);
    days * i128::from(NANOSECONDS_OF_DAY) + i128::from(of.nanoseconds)
}
