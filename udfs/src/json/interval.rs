//! Intervals as `PostgreSQL` writes them: `1 year 2 mons 3 days 04:05:06.5`.

use std::fmt::Write as _;

use arrow::array::{Array, AsArray as _};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, DurationMicrosecondType, IntervalMonthDayNanoType, IntervalUnit, TimeUnit,
};
use arrow::error::ArrowError;

const MICROSECONDS_OF_DAY: i64 = 86_400_000_000;

/// Months, days and microseconds.
pub(super) type Parts = (i32, i64, i64);

/// Returns what gives the parts of each interval of a column, or of what lies between two moments.
pub(super) fn parts(intervals: &dyn Array) -> Result<Box<dyn Fn(usize) -> Parts>, ArrowError> {
    if matches!(intervals.data_type(), DataType::Duration(_)) {
        let durations = cast(intervals, &DataType::Duration(TimeUnit::Microsecond))?;
        let durations = durations.as_primitive::<DurationMicrosecondType>().clone();
        return Ok(Box::new(move |row| {
            let microseconds = durations.value(row);
            (0, microseconds / MICROSECONDS_OF_DAY, microseconds % MICROSECONDS_OF_DAY)
        }));
    }
    let intervals = cast(intervals, &DataType::Interval(IntervalUnit::MonthDayNano))?;
    let intervals = intervals.as_primitive::<IntervalMonthDayNanoType>().clone();
    Ok(Box::new(move |row| {
        let interval = intervals.value(row);
        (interval.months, i64::from(interval.days), interval.nanoseconds / 1_000)
    }))
}

/// Writes an interval. A part behind a negative one says that it is positive.
pub(super) fn write((months, days, microseconds): Parts, out: &mut String) {
    let start = out.len();
    let mut is_before = false;
    let (years, months) = (i64::from(months / 12), i64::from(months % 12));
    // Writing to a text cannot fail.
    for (count, unit) in [(years, "year"), (months, "mon"), (days, "day")] {
        if count == 0 {
            continue;
        }
        let blank = if out.len() > start { " " } else { "" };
        let sign = if is_before && count > 0 { "+" } else { "" };
        let plural = if count == 1 { "" } else { "s" };
        let _ = write!(out, "{blank}{sign}{count} {unit}{plural}");
        is_before = count < 0;
    }
    if microseconds == 0 && out.len() > start {
        return;
    }
    let blank = if out.len() > start { " " } else { "" };
    let sign = match microseconds {
        ..0 => "-",
        _ if is_before => "+",
        _ => "",
    };
    let left = microseconds.unsigned_abs();
    let (seconds, fraction) = (left / 1_000_000, left % 1_000_000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let _ = write!(out, "{blank}{sign}{hours:02}:{minutes:02}:{seconds:02}");
    if fraction > 0 {
        let digits = format!("{fraction:06}");
        out.push('.');
        out.push_str(digits.trim_end_matches('0'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_look_as_in_postgresql() {
        for (parts, expected) in [
            ((14, 3, 14_706_500_000), "1 year 2 mons 3 days 04:05:06.5"),
            ((-14, 3, -14_706_000_000), "-1 years -2 mons +3 days -04:05:06"),
            ((0, -1, 1), "-1 days +00:00:00.000001"),
            ((0, 1, 0), "1 day"),
            ((0, 0, 0), "00:00:00"),
            ((0, 0, 360_000_000_000), "100:00:00"),
        ] {
            let mut text = String::new();
            write(parts, &mut text);
            assert_eq!(text, expected);
        }
    }
}
