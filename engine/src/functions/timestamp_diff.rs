//! `timestampdiff`: how many whole units lie between two points in time, as ODBC and JDBC have it.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType, TimestampNanosecondType};
use arrow::temporal_conversions::{timestamp_ns_to_datetime, timestamp_us_to_datetime};
use chrono::{Datelike as _, NaiveDateTime};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::checked::value_out_of_range;
use super::columnar::{answered, are_constant};
use super::time_unit::{Unit, timestamp};

/// How many nanoseconds a day has.
const DAY: i64 = 86_400_000_000_000;

/// How many whole units the second time is later than the first: `timestampdiff('day', a, b)`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct TimestampDiff {
    signature: Signature,
}

impl TimestampDiff {
    /// Returns the function.
    pub(super) fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for TimestampDiff {
    fn name(&self) -> &'static str {
        "timestampdiff"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    /// Takes both times as those of one time zone, or of none, and as fine as the finer of them.
    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [_, from, to] = types else {
            return plan_err!("timestampdiff takes a unit and two timestamps");
        };
        let (mut unit, mut zone) = (TimeUnit::Microsecond, None);
        for time in [timestamp(from)?, timestamp(to)?] {
            if let DataType::Timestamp(found, found_zone) = time {
                if found == TimeUnit::Nanosecond {
                    unit = found;
                }
                zone = zone.or(found_zone);
            }
        }
        let time = DataType::Timestamp(unit, zone);
        Ok(vec![DataType::Utf8, time.clone(), time])
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [unit, from, to] = arguments.args.as_slice() else {
            return plan_err!("timestampdiff takes a unit and two timestamps");
        };
        let unit = Unit::of(unit)?;
        let is_constant = are_constant([from, to]);
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let counts = difference(&from.to_array(rows)?, &to.to_array(rows)?, unit)?;
        answered(Arc::new(counts), is_constant)
    }
}

fn difference(from: &ArrayRef, to: &ArrayRef, unit: Unit) -> Result<Int64Array> {
    match unit {
        Unit::Nanoseconds(size) => elapsed(from, to, size),
        Unit::Days(count) => elapsed(from, to, count.saturating_mul(DAY)),
        Unit::Months(count) => {
            let pairs = local_times(from)?.into_iter().zip(local_times(to)?);
            Ok(pairs.map(|(from, to)| Some(months(from?, to?) / count)).collect())
        }
    }
}

/// Returns how many times so many nanoseconds have passed.
fn elapsed(from: &ArrayRef, to: &ArrayRef, size: i64) -> Result<Int64Array> {
    let (from, resolution) = ticks(from)?;
    let (to, _) = ticks(to)?;
    let pairs = from.iter().zip(to.iter());
    let count = |(from, to): (Option<i64>, Option<i64>)| {
        let (Some(from), Some(to)) = (from, to) else { return Ok(None) };
        let nanoseconds = (i128::from(to) - i128::from(from)) * resolution;
        let count = i64::try_from(nanoseconds / i128::from(size));
        count.map(Some).map_err(|_error| value_out_of_range(&DataType::Int64))
    };
    pairs.map(count).collect()
}

/// Returns times as numbers, and how many nanoseconds one counts.
fn ticks(times: &ArrayRef) -> Result<(Int64Array, i128)> {
    let resolution = match times.data_type() {
        DataType::Timestamp(TimeUnit::Nanosecond, _) => 1,
        DataType::Timestamp(TimeUnit::Microsecond, _) => 1000,
        other => return exec_err!("timestampdiff got {other}"),
    };
    let numbers = cast(times, &DataType::Int64)?;
    Ok((numbers.as_primitive().clone(), resolution))
}

/// Returns the date and time on the clocks of the time zone.
fn local_times(times: &ArrayRef) -> Result<Vec<Option<NaiveDateTime>>> {
    let DataType::Timestamp(unit, _) = times.data_type() else {
        return exec_err!("timestampdiff got {}", times.data_type());
    };
    let local = cast(times, &DataType::Timestamp(*unit, None))?;
    Ok(match unit {
        TimeUnit::Nanosecond => local
            .as_primitive::<TimestampNanosecondType>()
            .iter()
            .map(|time| timestamp_ns_to_datetime(time?))
            .collect(),
        _ => local
            .as_primitive::<TimestampMicrosecondType>()
            .iter()
            .map(|time| timestamp_us_to_datetime(time?))
            .collect(),
    })
}

/// Returns how many whole months lie between two times; a negative number if the second is earlier.
fn months(from: NaiveDateTime, to: NaiveDateTime) -> i64 {
    let number = |time: &NaiveDateTime| i64::from(time.year()) * 12 + i64::from(time.month0());
    let within = |time: &NaiveDateTime| (time.day(), time.time());
    let months = number(&to) - number(&from);
    if months > 0 && within(&to) < within(&from) {
        months - 1
    } else if months < 0 && within(&to) > within(&from) {
        months + 1
    } else {
        months
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_whole() {
        let time = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        let between = |from, to| months(time(from), time(to));
        assert_eq!(between("2024-01-31 00:00", "2024-02-29 00:00"), 0);
        assert_eq!(between("2024-01-31 00:00", "2024-03-31 00:00"), 2);
        assert_eq!(between("2024-01-15 12:00", "2024-02-15 11:59"), 0);
        assert_eq!(between("2024-01-15 12:00", "2024-02-15 12:00"), 1);
        assert_eq!(between("2024-02-15 12:00", "2024-01-15 12:01"), 0);
        assert_eq!(between("2024-02-15 12:00", "2023-01-15 12:00"), -13);
        assert_eq!(between("2024-02-15 12:00", "2024-02-01 12:00"), 0);
    }
}
