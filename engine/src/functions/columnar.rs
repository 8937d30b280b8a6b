//! Constants beside columns: what is computed of columns is computed once of constants.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::ColumnarValue;

/// Returns whether all values are constants.
pub(super) fn are_constant<'a>(values: impl IntoIterator<Item = &'a ColumnarValue>) -> bool {
    values.into_iter().all(|value| matches!(value, ColumnarValue::Scalar(_)))
}

/// Returns answers as a column, or the only one as a constant.
pub(super) fn answered(answers: ArrayRef, is_constant: bool) -> Result<ColumnarValue> {
    if !is_constant {
        return Ok(ColumnarValue::Array(answers));
    }
    Ok(ColumnarValue::Scalar(match answers.as_list_opt::<i32>() {
        // A list keeps what its type says of its elements.
        Some(list) => ScalarValue::List(Arc::new(list.clone())),
        None => ScalarValue::try_from_array(&answers, 0)?,
    }))
}

/// Computes a column of a column, or a constant of a constant.
pub(super) fn mapped(
    value: &ColumnarValue,
    compute: impl FnOnce(&ArrayRef) -> Result<ArrayRef>,
) -> Result<ColumnarValue> {
    match value {
        ColumnarValue::Array(values) => answered(compute(values)?, false),
        ColumnarValue::Scalar(value) => answered(compute(&value.to_array()?)?, true),
    }
}
