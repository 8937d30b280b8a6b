//! `AT TIME ZONE`: what clocks of a zone show at an instant, or the instant at which they show a
//! time.

use std::sync::Arc;

use arrow::array::timezone::Tz;
use arrow::array::{
    Array as _, ArrayRef, ArrowPrimitiveType, AsArray as _, PrimitiveArray, StringArray,
};
use arrow::datatypes::{
    DataType, IntervalMonthDayNano, IntervalMonthDayNanoType, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use chrono::{DateTime, Duration, NaiveDateTime, Offset as _, TimeZone as _};
use datafusion::common::{DataFusionError, Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::clock::abbreviated;
use super::columnar::{answered, are_constant};
use super::intervals::INTERVAL;
use crate::error::{Code, Error, external};

const NANOSECONDS_OF_MINUTE: i64 = 60_000_000_000;

/// The function that `t AT TIME ZONE zone` is.
pub(crate) const AT_TIME_ZONE: &str = "godwit_at_time_zone";

/// Returns the function.
pub(super) fn at_time_zone() -> ScalarUDF {
    ScalarUDF::from(AtTimeZone { signature: Signature::user_defined(Volatility::Immutable) })
}

/// A time with a zone becomes one without and the other way round, as in `PostgreSQL`:
/// <https://www.postgresql.org/docs/current/functions-datetime.html#FUNCTIONS-DATETIME-ZONECONVERT>.
#[derive(Debug, PartialEq, Eq, Hash)]
struct AtTimeZone {
    signature: Signature,
}

impl ScalarUDFImpl for AtTimeZone {
    fn name(&self) -> &'static str {
        AT_TIME_ZONE
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [time, zone] = types else { return plan_err!("AT TIME ZONE takes a time and a zone") };
        let time = match time {
            DataType::Timestamp(..) => time.clone(),
            text_or_date
                if text_or_date.is_string()
                    || matches!(
                        text_or_date,
                        DataType::Date32 | DataType::Date64 | DataType::Null
                    ) =>
            {
                DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
            }
            other => {
                return plan_err!("AT TIME ZONE takes a timestamp, not a value of type {other}");
            }
        };
        let zone = if matches!(zone, DataType::Interval(_)) { INTERVAL } else { DataType::Utf8 };
        Ok(vec![time, zone])
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match types {
            [DataType::Timestamp(unit, Some(_)), _] => Ok(DataType::Timestamp(*unit, None)),
            [DataType::Timestamp(unit, None), _] => {
                Ok(DataType::Timestamp(*unit, Some("UTC".into())))
            }
            _ => plan_err!("AT TIME ZONE takes a timestamp and a zone"),
        }
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = are_constant(&arguments.args);
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let [times, zones] = arguments.args.as_slice() else {
            return exec_err!("AT TIME ZONE takes a timestamp and a zone");
        };
        let (times, mut zones) = (times.to_array(rows)?, zones.to_array(rows)?);
        if let Some(intervals) = zones.as_primitive_opt::<IntervalMonthDayNanoType>() {
            let offsets = intervals.iter().map(|of| of.map(offset_text).transpose());
            zones = Arc::new(offsets.collect::<Result<StringArray>>()?);
        }
        let answers = match times.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => {
                moved::<TimestampSecondType>(&times, &zones, 1)?
            }
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                moved::<TimestampMillisecondType>(&times, &zones, 1000)?
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                moved::<TimestampMicrosecondType>(&times, &zones, 1_000_000)?
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                moved::<TimestampNanosecondType>(&times, &zones, 1_000_000_000)?
            }
            other => return exec_err!("AT TIME ZONE got a value of type {other}"),
        };
        answered(answers, is_constant)
    }
}

/// Moves times by the offsets of their zones, so many units a second.
fn moved<T: ArrowPrimitiveType<Native = i64>>(
    times: &ArrayRef,
    zones: &ArrayRef,
    units: i64,
) -> Result<ArrayRef> {
    let is_instant = matches!(times.data_type(), DataType::Timestamp(_, Some(_)));
    let (times, zones) = (times.as_primitive::<T>(), zones.as_string::<i32>());
    let mut last: Option<(&str, Tz)> = None;
    let mut answers = PrimitiveArray::<T>::builder(times.len());
    for row in 0..times.len() {
        if times.is_null(row) || zones.is_null(row) {
            answers.append_null();
            continue;
        }
        let (time, name) = (times.value(row), zones.value(row));
        let zone = match last {
            Some((known, zone)) if known == name => zone,
            _ => last.insert((name, zone(name)?)).1,
        };
        let seconds = DateTime::from_timestamp(time.div_euclid(units), 0);
        let seconds = seconds.ok_or_else(out_of_range)?.naive_utc();
        let offset = if is_instant {
            i64::from(zone.offset_from_utc_datetime(&seconds).fix().local_minus_utc())
        } else {
            -offset_of_clock(zone, seconds)
        };
        let answer = offset.checked_mul(units).and_then(|offset| time.checked_add(offset));
        answers.append_value(answer.ok_or_else(out_of_range)?);
    }
    let zone: Option<Arc<str>> = (!is_instant).then(|| "UTC".into());
    let DataType::Timestamp(unit, _) = T::DATA_TYPE else { return Err(out_of_range()) };
    Ok(Arc::new(answers.finish().with_data_type(DataType::Timestamp(unit, zone))))
}

/// Returns how many seconds clocks that show a time are ahead. Where they show it twice the later
/// instant counts, and where they skip it the offset before that.
pub(super) fn offset_of_clock(zone: Tz, shown: NaiveDateTime) -> i64 {
    let offset = match zone.offset_from_local_datetime(&shown).latest() {
        Some(offset) => offset,
        None => zone.offset_from_utc_datetime(&(shown - Duration::days(1))),
    };
    i64::from(offset.fix().local_minus_utc())
}

/// Returns an interval as the offset that it is east of Greenwich.
fn offset_text(of: IntervalMonthDayNano) -> Result<String> {
    let minutes = of.nanoseconds / NANOSECONDS_OF_MINUTE;
    if of.months != 0 || of.days != 0 || minutes.abs() >= 24 * 60 {
        let message = "an interval that stands for a zone has no months and days";
        return Err(external(Error::new(Code::InvalidParameter, message)));
    }
    Ok(written_offset(minutes))
}

fn written_offset(minutes: i64) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

fn zone(name: &str) -> Result<Tz> {
    let text = abbreviated(name).map(|minutes| written_offset(minutes.into()));
    text.as_deref().unwrap_or(name).parse().map_err(|error| {
        external(
            Error::new(Code::InvalidParameter, format!("the time zone \"{name}\" is not known"))
                .with_hint("Type a name such as 'Europe/Berlin', or an offset such as '+02:00'.")
                .with_source(error),
        )
    })
}

fn out_of_range() -> DataFusionError {
    external(Error::new(Code::DatetimeOverflow, "timestamp out of range"))
}
