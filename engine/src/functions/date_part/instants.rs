//! The fields that need the zone of a moment, or its day as astronomers count them.

use std::sync::Arc;

use arrow::array::timezone::Tz;
use arrow::array::{ArrayRef, AsArray as _, Float64Array, Int32Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, TimeUnit, TimestampMicrosecondType};
use chrono::{DateTime, Offset as _, TimeZone as _};
use datafusion::common::{Result, not_impl_err};

use crate::error::{Error, external};

const MICROSECONDS_OF_SECOND: i64 = 1_000_000;
const MICROSECONDS_OF_DAY: f64 = 86_400e6;

/// The day of 1970-01-01.
const DAY_OF_1970: f64 = 2_440_588.0;

/// Returns how many seconds clocks are ahead at instants, in such units and up to such a count.
pub(super) fn offsets(field: &str, values: &ArrayRef, unit: i32, most: i32) -> Result<ArrayRef> {
    let DataType::Timestamp(_, Some(zone)) = values.data_type() else {
        let message = format!("there is no {field} in a value without a time zone");
        return Err(external(
            Error::unsupported(message).with_hint("Type x::timestamptz in its place."),
        ));
    };
    let instants = microseconds(values)?;
    let zone: Tz = zone.parse()?;
    let offsets: Int32Array = instants
        .as_primitive::<TimestampMicrosecondType>()
        .iter()
        .map(|instant| instant.map(|instant| offset(zone, instant) / unit % most))
        .collect();
    Ok(Arc::new(offsets))
}

/// Returns the days of the Julian count, which begin at midnight as in `PostgreSQL`.
pub(super) fn julian_days(values: &ArrayRef) -> Result<ArrayRef> {
    let days: Float64Array = match values.data_type() {
        DataType::Date32 => {
            values.as_primitive::<Date32Type>().unary(|day| f64::from(day) + DAY_OF_1970)
        }
        DataType::Date64 => return julian_days(&cast(values, &DataType::Date32)?),
        DataType::Timestamp(_, zone) => {
            let zone = zone.as_deref().map(str::parse::<Tz>).transpose()?;
            let instants = microseconds(values)?;
            let instants = instants.as_primitive::<TimestampMicrosecondType>();
            instants.unary(|instant| {
                let ahead = zone.map_or(0, |zone| i64::from(offset(zone, instant)));
                let shown = instant.saturating_add(ahead * MICROSECONDS_OF_SECOND);
                shown as f64 / MICROSECONDS_OF_DAY + DAY_OF_1970
            })
        }
        other => return not_impl_err!("there is no Julian day in a value of type {other}"),
    };
    Ok(Arc::new(days))
}

fn microseconds(values: &ArrayRef) -> Result<ArrayRef> {
    let zone = match values.data_type() {
        DataType::Timestamp(_, zone) => zone.clone(),
        _ => None,
    };
    Ok(cast(values, &DataType::Timestamp(TimeUnit::Microsecond, zone))?)
}

/// Returns how many seconds clocks of a zone are ahead at an instant.
fn offset(zone: Tz, instant: i64) -> i32 {
    let instant = DateTime::from_timestamp(instant.div_euclid(MICROSECONDS_OF_SECOND), 0);
    instant.map_or(0, |instant| {
        zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()
    })
}
