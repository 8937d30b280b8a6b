//! The integer next to a number, as casts of `PostgreSQL` have it:
//! <https://www.postgresql.org/docs/current/datatype-numeric.html>.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Float64Array};
use arrow::datatypes::{DataType, Float64Type};
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
    ScalarUDF::from(function)
}

fn each(columns: &[ArrayRef], nearest: fn(f64) -> f64) -> Result<ArrayRef> {
    let [numbers] = columns else { return exec_err!("one number is expected") };
    let numbers: Float64Array = numbers.as_primitive::<Float64Type>().unary(nearest);
    Ok(Arc::new(numbers))
}
