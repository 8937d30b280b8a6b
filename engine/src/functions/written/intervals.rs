//! Intervals as text: `1 year 2 mons 3 days 04:05:06.5`. What lies between two timestamps is days and
//! time.

use std::fmt::Write as _;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, DurationMicrosecondType, IntervalMonthDayNanoType, TimeUnit};
use datafusion::common::Result;

use super::super::intervals::INTERVAL;

const MICROSECONDS_OF_SECOND: u64 = 1_000_000;
const MICROSECONDS_OF_DAY: i64 = 86_400_000_000;

/// Returns the texts of intervals, or of what lies between moments.
pub(super) fn texts(intervals: &ArrayRef) -> Result<StringArray> {
    if matches!(intervals.data_type(), DataType::Duration(_)) {
        let durations = cast(intervals, &DataType::Duration(TimeUnit::Microsecond))?;
        let durations = durations.as_primitive::<DurationMicrosecondType>().iter();
        let shown = |of: i64| shown(0, of / MICROSECONDS_OF_DAY, of % MICROSECONDS_OF_DAY);
        return Ok(durations.map(|of| of.map(shown)).collect());
    }
    let intervals = cast(intervals, &INTERVAL)?;
    let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>().iter();
    let texts = intervals
        .map(|of| of.map(|of| shown(of.months, i64::from(of.days), of.nanoseconds / 1000)));
    Ok(texts.collect())
}

/// Returns the text of an interval. A part behind a negative one says that it is positive.
fn shown(months: i32, days: i64, microseconds: i64) -> String {
    let mut text = String::new();
    let mut is_before = false;
    let (years, months) = (i64::from(months / 12), i64::from(months % 12));
    for (count, unit) in [(years, "year"), (months, "mon"), (days, "day")] {
        if count == 0 {
            continue;
        }
        let blank = if text.is_empty() { "" } else { " " };
        let sign = if is_before && count > 0 { "+" } else { "" };
        let plural = if count == 1 { "" } else { "s" };
        let _ = write!(text, "{blank}{sign}{count} {unit}{plural}");
        is_before = count < 0;
    }
    if microseconds == 0 && !text.is_empty() {
        return text;
    }
    let blank = if text.is_empty() { "" } else { " " };
    let sign = match microseconds {
        ..0 => "-",
        _ if is_before => "+",
        _ => "",
    };
    let left = microseconds.unsigned_abs();
    let (seconds, fraction) = (left / MICROSECONDS_OF_SECOND, left % MICROSECONDS_OF_SECOND);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let _ = write!(text, "{blank}{sign}{hours:02}:{minutes:02}:{seconds:02}");
    if fraction > 0 {
        let digits = format!("{fraction:06}");
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn texts_are_those_of_postgresql() {
        let cases = [
            ((14, 3, 14_706_500_000), "1 year 2 mons 3 days 04:05:06.5"),
            ((-14, 3, -14_706_000_000), "-1 years -2 mons +3 days -04:05:06"),
            ((0, -1, 1), "-1 days +00:00:00.000001"),
            ((0, 0, -90_000_000), "-00:01:30"),
            ((1, 1, 0), "1 mon 1 day"),
            ((0, 0, 0), "00:00:00"),
            ((0, 0, 360_000_000_000), "100:00:00"),
        ];
        for ((months, days, microseconds), expected) in cases {
            assert_eq!(shown(months, days, microseconds), expected);
        }
    }
}
