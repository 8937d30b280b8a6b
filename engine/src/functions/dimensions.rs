//! `array_ndims`, which is null of an empty array; that of the engine below counts the dimensions of
//! its type.

use std::sync::Arc;

use arrow::array::UInt64Array;
use arrow::compute::kernels::cmp::eq;
use arrow::compute::{cast, nullif};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::Result;
use datafusion::functions_nested::cardinality::cardinality_udf;
use datafusion::functions_nested::dimension::array_ndims_udf;
use datafusion::logical_expr::{ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF};

use super::columnar::{answered, are_constant};
use super::wrapped::{Answers, wrapped};

/// Returns the function.
pub(super) fn array_ndims() -> ScalarUDF {
    wrapped(array_ndims_udf(), Dimensions)
}

/// Answers with signed counts, and none where there are no elements.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Dimensions;

impl Answers for Dimensions {
    fn field(&self, inner: &ScalarUDF, _arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(inner.name(), DataType::Int64, true)))
    }

    fn answer(
        &self,
        inner: &ScalarUDF,
        mut arguments: ScalarFunctionArgs,
    ) -> Result<ColumnarValue> {
        let rows = arguments.number_rows;
        if let Some(array) = arguments.args.first_mut()
            && let DataType::FixedSizeList(item, _) = array.data_type()
        {
            *array = array.cast_to(&DataType::List(item), None)?;
        }
        let items = cardinality_udf().inner().invoke_with_args(arguments.clone())?;
        let dimensions = inner.inner().invoke_with_args(arguments)?;
        let is_constant = are_constant([&items, &dimensions]);
        let rows = if is_constant { 1 } else { rows };
        let is_empty = eq(&items.to_array(rows)?, &UInt64Array::new_scalar(0))?;
        let counts = nullif(&dimensions.to_array(rows)?, &is_empty)?;
        answered(cast(&counts, &DataType::Int64)?, is_constant)
    }
}
