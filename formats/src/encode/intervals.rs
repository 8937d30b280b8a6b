//! Intervals as text, in the words of `PostgreSQL`: `1 year 2 mons 3 days 04:05:06.5`. What lies
//! between two moments is days and time.

use std::fmt::Write as _;

use arrow::array::{ArrayRef, AsArray as _};
use arrow::datatypes::{
    DataType, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, IntervalDayTimeType, IntervalMonthDayNanoType, IntervalUnit,
    IntervalYearMonthType, TimeUnit,
};

const SECONDS_OF_DAY: i64 = 86_400;
const NANOSECONDS_OF_SECOND: i64 = 1_000_000_000;
const NANOSECONDS_OF_MILLISECOND: i64 = 1_000_000;

/// Months, days and nanoseconds.
pub(super) type Parts = (i32, i64, i64);

/// Returns what gives the parts of the interval of a row, if an array is one of intervals or of
/// what lies between moments.
pub(super) fn parts<'a>(array: &'a ArrayRef) -> Option<Box<dyn Fn(usize) -> Parts + 'a>> {
    let parts: Box<dyn Fn(usize) -> Parts + 'a> = match array.data_type() {
        DataType::Interval(IntervalUnit::YearMonth) => {
            let array = array.as_primitive::<IntervalYearMonthType>();
            Box::new(|row| (array.value(row), 0, 0))
        }
        DataType::Interval(IntervalUnit::DayTime) => {
            let array = array.as_primitive::<IntervalDayTimeType>();
            Box::new(|row| {
                let of = array.value(row);
                (0, of.days.into(), i64::from(of.milliseconds) * NANOSECONDS_OF_MILLISECOND)
            })
        }
        DataType::Interval(IntervalUnit::MonthDayNano) => {
            let array = array.as_primitive::<IntervalMonthDayNanoType>();
            Box::new(|row| {
                let of = array.value(row);
                (of.months, of.days.into(), of.nanoseconds)
            })
        }
        DataType::Duration(TimeUnit::Second) => {
            let array = array.as_primitive::<DurationSecondType>();
            Box::new(|row| between(array.value(row), 1))
        }
        DataType::Duration(TimeUnit::Millisecond) => {
            let array = array.as_primitive::<DurationMillisecondType>();
            Box::new(|row| between(array.value(row), 1_000))
        }
        DataType::Duration(TimeUnit::Microsecond) => {
            let array = array.as_primitive::<DurationMicrosecondType>();
            Box::new(|row| between(array.value(row), 1_000_000))
        }
        DataType::Duration(TimeUnit::Nanosecond) => {
            let array = array.as_primitive::<DurationNanosecondType>();
            Box::new(|row| between(array.value(row), NANOSECONDS_OF_SECOND))
        }
        _ => return None,
    };
    Some(parts)
}

/// Returns the parts of a length of time that is counted in fractions of a second.
fn between(length: i64, per_second: i64) -> Parts {
    let per_day = SECONDS_OF_DAY * per_second;
    (0, length / per_day, length % per_day * (NANOSECONDS_OF_SECOND / per_second))
}

/// Returns the text of an interval. A part behind a negative one says that it is positive.
pub fn interval_text(months: i32, days: i64, nanoseconds: i64) -> String {
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
    if nanoseconds == 0 && !text.is_empty() {
        return text;
    }
    let blank = if text.is_empty() { "" } else { " " };
    let sign = match nanoseconds {
        ..0 => "-",
        _ if is_before => "+",
        _ => "",
    };
    let left = nanoseconds.unsigned_abs();
    let per_second = NANOSECONDS_OF_SECOND.unsigned_abs();
    let (seconds, fraction) = (left / per_second, left % per_second);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let _ = write!(text, "{blank}{sign}{hours:02}:{minutes:02}:{seconds:02}");
    if fraction > 0 {
        let digits = format!("{fraction:09}");
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_of_postgresql() {
        let cases = [
            ((14, 3, 14_706_500_000_000), "1 year 2 mons 3 days 04:05:06.5"),
            ((-14, 3, -14_706_000_000_000), "-1 years -2 mons +3 days -04:05:06"),
            ((0, -1, 1_000), "-1 days +00:00:00.000001"),
            ((0, 0, -90_000_000_000), "-00:01:30"),
            ((1, 1, 0), "1 mon 1 day"),
            ((0, 0, 0), "00:00:00"),
            ((0, 0, 360_000_000_000_000), "100:00:00"),
        ];
        for ((months, days, nanoseconds), expected) in cases {
            assert_eq!(interval_text(months, days, nanoseconds), expected);
        }
    }

    #[test]
    fn lengths_of_time_have_days() {
        assert_eq!(between(-90_000_500, 1_000), (0, -1, -3_600_500_000_000));
        assert_eq!(between(i64::MAX, 1), (0, 106_751_991_167_300, 55_807_000_000_000));
        assert_eq!(between(3_600, 1), (0, 0, 3_600_000_000_000));
    }
}
