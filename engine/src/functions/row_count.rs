//! The numbers of rows that a subquery says for `LIMIT` and `OFFSET`: negative ones are errors.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarUDF;

use super::plain::{Plain, takes};
use crate::error::{Code, Error, external};

/// Returns the function of the number of rows that are kept.
pub(crate) fn limit() -> ScalarUDF {
    let types = vec![takes(&[DataType::Int64])];
    let compute = |columns: &[ArrayRef]| checked(columns, Code::InvalidLimit, "LIMIT");
    Plain::new("godwit_limit", types, DataType::Int64, compute).into()
}

/// Returns the function of the number of rows that are left out.
pub(crate) fn offset() -> ScalarUDF {
    let types = vec![takes(&[DataType::Int64])];
    let compute = |columns: &[ArrayRef]| checked(columns, Code::InvalidOffset, "OFFSET");
    Plain::new("godwit_offset", types, DataType::Int64, compute).into()
}

fn checked(columns: &[ArrayRef], code: Code, clause: &str) -> Result<ArrayRef> {
    let [counts] = columns else { return exec_err!("one number of rows is expected") };
    let is_negative = counts.as_primitive::<Int64Type>().iter().flatten().any(|count| count < 0);
    if is_negative {
        return Err(external(Error::new(code, format!("{clause} must not be negative"))));
    }
    Ok(Arc::clone(counts))
}
