//! `date_trunc` of intervals: what is below a part is left out.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, IntervalMonthDayNanoArray};
use arrow::datatypes::{IntervalMonthDayNano, IntervalMonthDayNanoType};
use datafusion::common::Result;

use super::NANOSECONDS_OF_SECOND;
use crate::error::{Code, Error, external};

/// Returns intervals without what is below a part.
pub(in crate::functions) fn truncated_intervals(
    part: &str,
    intervals: &ArrayRef,
) -> Result<ArrayRef> {
    let Some(unit) = Unit::of(&part.to_ascii_lowercase()) else {
        let message = format!("date_trunc of intervals has no part \"{part}\"");
        return Err(external(
            Error::new(Code::InvalidParameter, message)
                .with_hint("Type for example date_trunc('hour', x), or 'day', 'month', 'year'."),
        ));
    };
    let truncated: IntervalMonthDayNanoArray =
        intervals.as_primitive::<IntervalMonthDayNanoType>().unary(|of| match unit {
            Unit::Months(count) => IntervalMonthDayNano::new(of.months - of.months % count, 0, 0),
            Unit::Nanoseconds(count) => IntervalMonthDayNano::new(
                of.months,
                of.days,
                of.nanoseconds - of.nanoseconds % count,
            ),
            Unit::Day => IntervalMonthDayNano::new(of.months, of.days, 0),
        });
    Ok(Arc::new(truncated))
}

#[derive(Clone, Copy)]
enum Unit {
    Months(i32),
    Day,
    Nanoseconds(i64),
}

impl Unit {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "microsecond" | "microseconds" => Self::Nanoseconds(1000),
            "millisecond" | "milliseconds" => Self::Nanoseconds(1_000_000),
            "second" | "seconds" => Self::Nanoseconds(NANOSECONDS_OF_SECOND),
            "minute" | "minutes" => Self::Nanoseconds(60 * NANOSECONDS_OF_SECOND),
            "hour" | "hours" => Self::Nanoseconds(3600 * NANOSECONDS_OF_SECOND),
            "day" | "days" => Self::Day,
            "month" | "months" => Self::Months(1),
            "quarter" => Self::Months(3),
            "year" | "years" => Self::Months(12),
            "decade" | "decades" => Self::Months(120),
            "century" | "centuries" => Self::Months(1200),
            "millennium" | "millennia" => Self::Months(12_000),
            _ => return None,
        })
    }
}
