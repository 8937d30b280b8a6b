//! `width_bucket(value, low, high, count)` and `width_bucket(value, bounds)`: the bar of a histogram
//! that a value belongs to.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray, Int64Array};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type};
use datafusion::common::{DataFusionError, Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::super::plain::{Plain, takes};
use crate::error::{Code, Error, external};

/// Returns the function. Bars are counted from one; what lies before the first is in bar 0, what
/// lies behind the last in the one after it.
pub(super) fn width_bucket() -> ScalarUDF {
    const NUMBER: DataType = DataType::Float64;
    let bounds = DataType::List(Arc::new(Field::new_list_field(NUMBER, true)));
    let types = vec![takes(&[NUMBER, NUMBER, NUMBER, DataType::Int64]), takes(&[NUMBER, bounds])];
    Plain::new("width_bucket", types, DataType::Int64, buckets).into()
}

fn buckets(columns: &[ArrayRef]) -> Result<ArrayRef> {
    if let [values, bounds] = columns {
        return between(values, bounds);
    }
    let [values, lows, highs, counts] = columns else {
        return exec_err!("width_bucket takes four numbers");
    };
    let [values, lows, highs] = [values, lows, highs].map(AsArray::as_primitive::<Float64Type>);
    let counts = counts.as_primitive::<Int64Type>();
    let buckets = (0..values.len()).map(|row| {
        if [values, lows, highs].iter().any(|column| column.is_null(row)) || counts.is_null(row) {
            return Ok(None);
        }
        bucket(values.value(row), lows.value(row), highs.value(row), counts.value(row)).map(Some)
    });
    Ok(Arc::new(buckets.collect::<Result<Int64Array>>()?))
}

/// Returns how many of the bounds, which are in order, are at most as great as each value.
fn between(values: &ArrayRef, bounds: &ArrayRef) -> Result<ArrayRef> {
    let values = values.as_primitive::<Float64Type>();
    let buckets = values.iter().zip(bounds.as_list::<i32>().iter()).map(|pair| {
        let (Some(value), Some(bounds)) = pair else { return Ok(None) };
        if bounds.null_count() > 0 {
            return Err(invalid("a bound of buckets is NULL"));
        }
        // NaN is greater than any number.
        let bounds = bounds.as_primitive::<Float64Type>().values().iter();
        let below = bounds.filter(|bound| value.is_nan() || **bound <= value).count();
        Ok(i64::try_from(below).ok())
    });
    Ok(Arc::new(buckets.collect::<Result<Int64Array>>()?))
}

fn bucket(value: f64, low: f64, high: f64, count: i64) -> Result<i64> {
    if count <= 0 {
        return Err(invalid("the count of buckets must be greater than zero"));
    }
    if value.is_nan() || !low.is_finite() || !high.is_finite() {
        return Err(invalid("the bounds of buckets must be finite, and the value not NaN"));
    }
    let last = count
        .checked_add(1)
        .ok_or_else(|| external(Error::new(Code::ValueOutOfRange, "integer out of range")))?;
    // Bars may count down from the higher bound.
    let (value, low, high) = if low < high { (value, low, high) } else { (-value, -low, -high) };
    if low >= high {
        return Err(invalid("the lower and the upper bound must differ"));
    }
    if value < low {
        return Ok(0);
    }
    if value >= high {
        return Ok(last);
    }
    // Halves do not overflow where a difference might.
    let share = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
    Ok(whole(share * count as f64).min(count - 1) + 1)
}

#[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate")]
fn whole(value: f64) -> i64 {
    value as i64
}

fn invalid(message: &str) -> DataFusionError {
    external(
        Error::new(Code::InvalidParameter, message)
            .with_hint("Type for example width_bucket(value, 0, 100, 10)."),
    )
}
