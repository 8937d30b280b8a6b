//! `age(later, earlier)`: years, months, days and time between two moments, by the calendar.

use std::sync::Arc;

use arrow::array::timezone::Tz;
use arrow::array::{
    Array as _, ArrayRef, AsArray as _, IntervalMonthDayNanoArray, TimestampMicrosecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, IntervalMonthDayNano, TimeUnit, TimestampMicrosecondType};
use chrono::{DateTime, Datelike as _, NaiveDateTime, Offset as _, TimeZone as _, Timelike as _};
use datafusion::common::Result;
use datafusion::logical_expr::{ScalarUDF, TIMEZONE_WILDCARD};

use super::super::plain::{Plain, takes};
use super::{INTERVAL, NANOSECONDS_OF_DAY, interval, out_of_range};

/// What ages are computed of; days begin at midnight. Those of instants begin at that of their zone.
const MOMENT: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

/// Returns the function.
pub(super) fn age() -> ScalarUDF {
    let instant = DataType::Timestamp(TimeUnit::Microsecond, Some(TIMEZONE_WILDCARD.into()));
    let types = [MOMENT, DataType::Date32, instant];
    let pairs = types.iter().flat_map(|end| types.iter().map(move |begin| (end, begin)));
    let signatures = pairs.map(|(end, begin)| takes(&[end.clone(), begin.clone()])).collect();
    Plain::new("age", signatures, INTERVAL, between).into()
}

fn between(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [ends, begins] = columns else { return Err(out_of_range()) };
    let (ends, begins) = (Clocks::of(ends)?, Clocks::of(begins)?);
    let ages = (0..ends.moments.len()).map(|row| {
        let (Some(end), Some(begin)) = (ends.shown(row)?, begins.shown(row)?) else {
            return Ok(None);
        };
        age_of(end, begin).ok_or_else(out_of_range).map(Some)
    });
    Ok(Arc::new(ages.collect::<Result<IntervalMonthDayNanoArray>>()?))
}

/// Moments, and the zone whose clocks are looked at.
struct Clocks {
    moments: TimestampMicrosecondArray,
    zone: Option<Tz>,
}

impl Clocks {
    fn of(moments: &ArrayRef) -> Result<Self> {
        let zone = match moments.data_type() {
            DataType::Timestamp(_, Some(zone)) => Some(zone.parse::<Tz>()?),
            _ => None,
        };
        let moments = if zone.is_some() { Arc::clone(moments) } else { cast(moments, &MOMENT)? };
        Ok(Self { moments: moments.as_primitive::<TimestampMicrosecondType>().clone(), zone })
    }

    /// Returns what clocks show at the moment of a row, if it has one.
    fn shown(&self, row: usize) -> Result<Option<NaiveDateTime>> {
        if self.moments.is_null(row) {
            return Ok(None);
        }
        let moment = DateTime::from_timestamp_micros(self.moments.value(row));
        let moment = moment.ok_or_else(out_of_range)?.naive_utc();
        let Some(zone) = self.zone else { return Ok(Some(moment)) };
        let offset = zone.offset_from_utc_datetime(&moment).fix();
        moment.checked_add_offset(offset).ok_or_else(out_of_range).map(Some)
    }
}

/// Returns the age at a moment of what began at another; negative if it begins later. A month that
/// is not whole has as many days as the month of the earlier moment.
fn age_of(end: NaiveDateTime, begin: NaiveDateTime) -> Option<IntervalMonthDayNano> {
    if end < begin {
        let age = age_of(begin, end)?;
        return Some(IntervalMonthDayNano::new(-age.months, -age.days, -age.nanoseconds));
    }
    let month = |of: NaiveDateTime| i64::from(of.year()) * 12 + i64::from(of.month());
    let time = |of: NaiveDateTime| {
        i64::from(of.num_seconds_from_midnight()) * 1_000_000_000 + i64::from(of.nanosecond())
    };
    let mut months = month(end) - month(begin);
    let mut days = i64::from(end.day()) - i64::from(begin.day());
    let mut nanoseconds = time(end) - time(begin);
    if nanoseconds < 0 {
        nanoseconds += NANOSECONDS_OF_DAY;
        days -= 1;
    }
    if days < 0 {
        days += i64::from(begin.num_days_in_month());
        months -= 1;
    }
    interval(months, days, nanoseconds)
}
