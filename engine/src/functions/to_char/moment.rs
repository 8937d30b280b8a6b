//! The moments of a column.

use arrow::array::temporal_conversions::{as_datetime_with_timezone, timestamp_us_to_datetime};
use arrow::array::timezone::Tz;
use arrow::array::{Array as _, ArrayRef, AsArray as _, PrimitiveArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use chrono::{NaiveDateTime, Offset as _};
use datafusion::common::Result;

/// A date and a time of day as the clocks of a place show it.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) local: NaiveDateTime,
    pub(super) zone: Option<Zone>,
}

/// What the clocks of a place differ by from those of Greenwich.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    /// How many seconds they are ahead.
    pub(super) seconds: i32,
    pub(super) abbreviation: String,
}

/// The moments of a column of dates, times or timestamps.
pub(super) struct Moments {
    timestamps: PrimitiveArray<TimestampMicrosecondType>,
    zone: Option<Tz>,
}

impl Moments {
    /// Returns the moments of a column; times of day are those of the first of January 1970.
    pub(super) fn of(values: &ArrayRef) -> Result<Self> {
        let zone = match values.data_type() {
            DataType::Timestamp(_, zone) => zone.clone(),
            _ => None,
        };
        let values = match values.data_type() {
            DataType::Time32(_) | DataType::Time64(_) => {
                let times = cast(values, &DataType::Time64(TimeUnit::Microsecond))?;
                cast(&times, &DataType::Int64)?
            }
            _ => ArrayRef::clone(values),
        };
        let timestamps = cast(&values, &DataType::Timestamp(TimeUnit::Microsecond, zone.clone()))?;
        let zone = zone.map(|zone| zone.parse()).transpose()?;
        Ok(Self { timestamps: timestamps.as_primitive().clone(), zone })
    }

    /// Returns the moment of a row, unless it is NULL.
    pub(super) fn get(&self, row: usize) -> Option<Moment> {
        if self.timestamps.is_null(row) {
            return None;
        }
        let value = self.timestamps.value(row);
        let Some(zone) = self.zone else {
            return Some(Moment { local: timestamp_us_to_datetime(value)?, zone: None });
        };
        let moment = as_datetime_with_timezone::<TimestampMicrosecondType>(value, zone)?;
        let zone = Zone {
            seconds: moment.offset().fix().local_minus_utc(),
            abbreviation: moment.offset().to_string(),
        };
        Some(Moment { local: moment.naive_local(), zone: Some(zone) })
    }
}
