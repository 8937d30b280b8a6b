//! A length that `array_fill(value, ARRAY[2, 3])` is given, for each dimension one; `array_repeat`,
//! which is what such a call becomes, takes those below zero for zero.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::plain::{Plain, takes};
use crate::error::{Code, Error, external};

/// The name of the function.
pub(crate) const DIMENSION: &str = "godwit_dimension";

/// Returns the function, which answers with the length itself.
pub(super) fn dimension() -> ScalarUDF {
    Plain::new(DIMENSION, vec![takes(&[DataType::Int64])], DataType::Int64, checked).into()
}

fn checked(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let [lengths] = columns else { return exec_err!("a length is expected") };
    let known = lengths.as_primitive::<Int64Type>();
    if known.null_count() > 0 {
        return Err(external(Error::new(
            Code::InvalidParameter,
            "the length of a dimension cannot be null",
        )));
    }
    if known.values().iter().any(|length| *length < 0) {
        return Err(external(Error::new(
            Code::LimitExceeded,
            "the length of a dimension is less than zero",
        )));
    }
    Ok(Arc::clone(lengths))
}
