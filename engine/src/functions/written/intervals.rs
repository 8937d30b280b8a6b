//! Intervals as text: `1 year 2 mons 3 days 04:05:06.5`. What lies between two timestamps is days and
//! time.

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, DurationMicrosecondType, IntervalMonthDayNanoType, TimeUnit};
use datafusion::common::Result;
use godwit_formats::encode::interval_text;

use super::super::intervals::INTERVAL;

const NANOSECONDS_OF_MICROSECOND: i64 = 1_000;
const MICROSECONDS_OF_DAY: i64 = 86_400_000_000;

/// Returns the texts of intervals, or of what lies between moments.
pub(super) fn texts(intervals: &ArrayRef) -> Result<StringArray> {
    if matches!(intervals.data_type(), DataType::Duration(_)) {
        let durations = cast(intervals, &DataType::Duration(TimeUnit::Microsecond))?;
        let durations = durations.as_primitive::<DurationMicrosecondType>().iter();
        let text = |of: i64| {
            let microseconds = of % MICROSECONDS_OF_DAY;
            interval_text(0, of / MICROSECONDS_OF_DAY, microseconds * NANOSECONDS_OF_MICROSECOND)
        };
        return Ok(durations.map(|of| of.map(text)).collect());
    }
    let intervals = cast(intervals, &INTERVAL)?;
    let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>().iter();
    let texts = intervals.map(|of| {
        of.map(|of| {
            let finer = of.nanoseconds % NANOSECONDS_OF_MICROSECOND;
            interval_text(of.months, i64::from(of.days), of.nanoseconds - finer)
        })
    });
    Ok(texts.collect())
}
