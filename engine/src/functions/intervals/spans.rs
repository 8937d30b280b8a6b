//! What lies between two moments as an interval: whole days are days, and not hours. The cast of the
//! engine below makes time of all of it.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, IntervalMonthDayNanoArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, TimeUnit};
use datafusion::common::Result;
use datafusion::logical_expr::{ScalarUDF, TypeSignature};

use super::super::plain::{Plain, takes};
use super::{INTERVAL, NANOSECONDS_OF_DAY, NANOSECONDS_OF_SECOND, interval, out_of_range};

const UNITS: [TimeUnit; 4] =
    [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond];

/// Returns the function.
pub(crate) fn interval_of_span() -> ScalarUDF {
    let types = UNITS.map(|unit| takes(&[DataType::Duration(unit)])).into();
    let compute = |columns: &[ArrayRef]| match columns {
        [spans] => intervals_of(spans),
        _ => Err(out_of_range()),
    };
    Plain::new("godwit_span", types, INTERVAL, compute).strict().into()
}

/// Returns the lists of types of a function of one interval, which takes spans, too.
pub(super) fn interval_or_span() -> Vec<TypeSignature> {
    let spans = UNITS.map(|unit| takes(&[DataType::Duration(unit)]));
    std::iter::once(takes(&[INTERVAL])).chain(spans).collect()
}

/// Returns spans as intervals; intervals are what they are.
pub(super) fn intervals_of(values: &ArrayRef) -> Result<ArrayRef> {
    let unit = match values.data_type() {
        DataType::Duration(TimeUnit::Second) => NANOSECONDS_OF_SECOND,
        DataType::Duration(TimeUnit::Millisecond) => 1_000_000,
        DataType::Duration(TimeUnit::Microsecond) => 1000,
        DataType::Duration(TimeUnit::Nanosecond) => 1,
        _ => return Ok(cast(values, &INTERVAL)?),
    };
    let day = NANOSECONDS_OF_DAY / unit;
    let spans = cast(values, &DataType::Int64)?;
    let intervals = spans.as_primitive::<Int64Type>().iter().map(|span| {
        let Some(span) = span else { return Ok(None) };
        interval(0, span / day, span % day * unit).ok_or_else(out_of_range).map(Some)
    });
    Ok(Arc::new(intervals.collect::<Result<IntervalMonthDayNanoArray>>()?))
}

#[cfg(test)]
mod tests {
    use arrow::array::{DurationSecondArray, PrimitiveArray};
    use arrow::datatypes::{IntervalMonthDayNano, IntervalMonthDayNanoType};

    use super::*;

    #[test]
    fn whole_days_are_days() {
        let spans: ArrayRef =
            Arc::new(DurationSecondArray::from(vec![Some(90_000), Some(-90_000), None]));
        let intervals = intervals_of(&spans).unwrap();
        let expected: PrimitiveArray<IntervalMonthDayNanoType> = [
            Some(IntervalMonthDayNano::new(0, 1, 3600 * NANOSECONDS_OF_SECOND)),
            Some(IntervalMonthDayNano::new(0, -1, -3600 * NANOSECONDS_OF_SECOND)),
            None,
        ]
        .into_iter()
        .collect();
        assert_eq!(intervals.as_primitive::<IntervalMonthDayNanoType>(), &expected);
    }
}
