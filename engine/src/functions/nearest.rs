//! The integer next to a number, as casts of `PostgreSQL` have it:
//! <https://www.postgresql.org/docs/current/datatype-numeric.html>.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Float64Array};
use arrow::compute::cast_with_options;
use arrow::datatypes::{DataType, Float64Type};
use arrow::error::ArrowError;
use datafusion::common::format::DEFAULT_CAST_OPTIONS;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::plain::{Plain, takes};

/// Returns the function, which takes the even one of two integers that are equally near, or the one
/// farther from zero.
pub(crate) fn nearest_integer(is_even: bool) -> ScalarUDF {
    let types = vec![takes(&[DataType::Float64])];
    let function = if is_even {
        Plain::new("godwit_nearest_even", types, DataType::Float64, |columns| {
            each(columns, f64::round_ties_even)
        })
    } else {
        Plain::new("godwit_nearest", types, DataType::Float64, |columns| each(columns, f64::round))
    };
    ScalarUDF::from(function.strict())
}

/// Returns numbers as integers of a type, those with a fraction as the integers next to them.
pub(crate) fn to_integers(numbers: &ArrayRef, to: &DataType) -> Result<ArrayRef, ArrowError> {
    let whole = match numbers.data_type() {
        DataType::Decimal128(precision, _) => DataType::Decimal128(*precision, 0),
        DataType::Decimal256(precision, _) => DataType::Decimal256(*precision, 0),
        data_type if data_type.is_floating() => DataType::Float64,
        other => other.clone(),
    };
    let mut numbers = cast_with_options(numbers, &whole, &DEFAULT_CAST_OPTIONS)?;
    if let Some(doubles) = numbers.as_primitive_opt::<Float64Type>() {
        numbers = Arc::new(doubles.unary::<_, Float64Type>(f64::round_ties_even));
    }
    cast_with_options(&numbers, to, &DEFAULT_CAST_OPTIONS)
}

fn each(columns: &[ArrayRef], nearest: fn(f64) -> f64) -> Result<ArrayRef> {
    let [numbers] = columns else { return exec_err!("one number is expected") };
    let numbers: Float64Array = numbers.as_primitive::<Float64Type>().unary(nearest);
    Ok(Arc::new(numbers))
}
