//! `date_trunc`: the beginning of the year, the day or another part of time that a moment is in.
//!
//! That of the engine below counts in nanoseconds, of which no year before 1678 has any, and knows
//! no decades; it also computes with what lies under NULLs. What has no zone, or that of Greenwich,
//! is computed here, and times and moments of other zones are left to it.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, ArrowPrimitiveType, AsArray as _, PrimitiveArray};
use arrow::datatypes::{
    DataType, Field, FieldRef, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use chrono::{Datelike as _, NaiveDate};
use datafusion::common::{DataFusionError, Result, plan_err};
use datafusion::functions::datetime;
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, Volatility,
};

use super::columnar::mapped;
use super::intervals::{INTERVAL, truncated_intervals};
use crate::error::{Code, Error, external};

const SECONDS_OF_DAY: i64 = 86_400;

/// The days of the common calendar before 1970.
const DAYS_BEFORE_1970: i64 = 719_163;

/// Returns the function.
pub(super) fn date_trunc() -> ScalarUDF {
    let signature = Signature::user_defined(Volatility::Immutable);
    ScalarUDF::from(DateTrunc { inner: datetime::date_trunc(), signature })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct DateTrunc {
    inner: Arc<ScalarUDF>,
    signature: Signature,
}

impl ScalarUDFImpl for DateTrunc {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [part, moment] = types else {
            return plan_err!("date_trunc takes the name of a part and a moment");
        };
        let part = match part {
            text if text.is_string() => text.clone(),
            DataType::Null => DataType::Utf8,
            other => return plan_err!("date_trunc takes the name of a part, not {other}"),
        };
        let moment = match moment {
            DataType::Timestamp(..) | DataType::Time32(_) | DataType::Time64(_) => moment.clone(),
            DataType::Date32 | DataType::Date64 | DataType::Null => {
                DataType::Timestamp(TimeUnit::Microsecond, None)
            }
            text if text.is_string() => DataType::Timestamp(TimeUnit::Microsecond, None),
            DataType::Interval(_) | DataType::Duration(_) => INTERVAL,
            other => return plan_err!("date_trunc takes a moment, not a value of type {other}"),
        };
        Ok(vec![part, moment])
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs) -> Result<FieldRef> {
        if let [_, moments] = arguments.arg_fields
            && moments.data_type() == &INTERVAL
        {
            return Ok(Arc::new(Field::new(self.name(), INTERVAL, true)));
        }
        self.inner.return_field_from_args(arguments)
    }

    fn invoke_with_args(&self, mut arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        if let [ColumnarValue::Scalar(name), intervals] = arguments.args.as_slice()
            && intervals.data_type() == INTERVAL
            && let Some(part) = name.try_as_str().flatten()
        {
            let truncated = truncated_intervals(part, &intervals.to_array(arguments.number_rows)?)?;
            return Ok(ColumnarValue::Array(truncated));
        }
        if let [ColumnarValue::Scalar(name), moments] = arguments.args.as_slice()
            && let DataType::Timestamp(unit, zone) = moments.data_type()
            && zone.as_deref().is_none_or(is_greenwich)
            && let Some(part) = name.try_as_str().flatten().and_then(Part::of)
        {
            return mapped(moments, |moments| truncated(part, moments, unit));
        }
        if let Some(ColumnarValue::Array(moments)) = arguments.args.get_mut(1)
            && moments.null_count() > 0
        {
            *moments = without_hidden(moments);
        }
        self.inner.inner().invoke_with_args(arguments)
    }

    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        self.inner.output_ordering(inputs)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}

fn is_greenwich(zone: &str) -> bool {
    matches!(zone, "UTC" | "Z" | "+00:00" | "+00")
}

/// A part of time.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// So many of them are a second.
    OfSecond(i64),
    /// It has so many seconds.
    Seconds(i64),
    Week,
    /// It has so many months.
    Months(i32),
    /// It has so many years, the first of which follows a multiple of that.
    Years(i32),
}

impl Part {
    fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "microsecond" | "microseconds" => Self::OfSecond(1_000_000),
            "millisecond" | "milliseconds" => Self::OfSecond(1000),
            "second" | "seconds" => Self::Seconds(1),
            "minute" | "minutes" => Self::Seconds(60),
            "hour" | "hours" => Self::Seconds(3600),
            "day" | "days" => Self::Seconds(SECONDS_OF_DAY),
            "week" | "weeks" => Self::Week,
            "month" | "months" => Self::Months(1),
            "quarter" => Self::Months(3),
            "year" | "years" => Self::Months(12),
            "decade" | "decades" => Self::Months(120),
            "century" | "centuries" => Self::Years(100),
            "millennium" | "millennia" => Self::Years(1000),
            _ => return None,
        })
    }

    /// Returns the beginning of the part that a moment is in, of so many units a second.
    fn begin(self, moment: i64, a_second: i64) -> Option<i64> {
        let day = SECONDS_OF_DAY * a_second;
        let length = match self {
            Self::OfSecond(count) => (a_second / count).max(1),
            Self::Seconds(seconds) => seconds * a_second,
            Self::Week => {
                // The first day of 1970 was a Thursday.
                let days = moment.div_euclid(day);
                return (days - (days + 3).rem_euclid(7)).checked_mul(day);
            }
            Self::Months(_) | Self::Years(_) => {
                let days = moment.div_euclid(day).checked_add(DAYS_BEFORE_1970)?;
                let date = NaiveDate::from_num_days_from_ce_opt(i32::try_from(days).ok()?)?;
                let first = match self {
                    Self::Months(1) => days - i64::from(date.day0()),
                    _ => i64::from(self.first_day(date)?.num_days_from_ce()),
                };
                return (first - DAYS_BEFORE_1970).checked_mul(day);
            }
        };
        moment.checked_sub(moment.rem_euclid(length))
    }

    /// Returns the first day of the months or years that a day is in.
    fn first_day(self, date: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Months(count) => {
                let months = date.year() * 12 + i32::try_from(date.month0()).ok()?;
                let months = months - months.rem_euclid(count);
                let month = u32::try_from(months.rem_euclid(12)).ok()? + 1;
                NaiveDate::from_ymd_opt(months.div_euclid(12), month, 1)
            }
            Self::Years(count) => {
                let year = date.year() - (date.year() - 1).rem_euclid(count);
                NaiveDate::from_ymd_opt(year, 1, 1)
            }
            _ => Some(date),
        }
    }
}

/// Returns the beginnings of the parts that moments are in.
fn truncated(part: Part, moments: &ArrayRef, unit: TimeUnit) -> Result<ArrayRef> {
    match unit {
        TimeUnit::Second => begins::<TimestampSecondType>(part, moments, 1),
        TimeUnit::Millisecond => begins::<TimestampMillisecondType>(part, moments, 1000),
        TimeUnit::Microsecond => begins::<TimestampMicrosecondType>(part, moments, 1_000_000),
        TimeUnit::Nanosecond => begins::<TimestampNanosecondType>(part, moments, 1_000_000_000),
    }
}

fn begins<T: ArrowPrimitiveType<Native = i64>>(
    part: Part,
    moments: &ArrayRef,
    a_second: i64,
) -> Result<ArrayRef> {
    let begins: PrimitiveArray<T> = moments
        .as_primitive::<T>()
        .try_unary(|moment| part.begin(moment, a_second).ok_or_else(|| out_of_range(moment)))?;
    Ok(Arc::new(begins.with_data_type(moments.data_type().clone())))
}

fn out_of_range(moment: i64) -> DataFusionError {
    external(Error::new(Code::DatetimeOverflow, format!("timestamp {moment} out of range")))
}

/// Returns timestamps with zeros under NULLs, and other values as they are.
fn without_hidden(moments: &ArrayRef) -> ArrayRef {
    match moments.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => zeroed::<TimestampSecondType>(moments),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            zeroed::<TimestampMillisecondType>(moments)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            zeroed::<TimestampMicrosecondType>(moments)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => zeroed::<TimestampNanosecondType>(moments),
        _ => Arc::clone(moments),
    }
}

fn zeroed<T: ArrowPrimitiveType>(moments: &ArrayRef) -> ArrayRef {
    let zeroed: PrimitiveArray<T> = moments.as_primitive::<T>().iter().collect();
    Arc::new(zeroed.with_data_type(moments.data_type().clone()))
}
