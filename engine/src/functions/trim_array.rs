//! `trim_array(array, count)`: an array without so many of its last elements.

use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, Int64Array, ListArray, UInt32Builder};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::common::{DataFusionError, Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

use super::columnar::{answered, are_constant};
use crate::error::{Code, Error, external};

/// Returns the function.
pub(super) fn trim_array() -> ScalarUDF {
    ScalarUDF::from(TrimArray { signature: Signature::user_defined(Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct TrimArray {
    signature: Signature,
}

impl ScalarUDFImpl for TrimArray {
    fn name(&self) -> &'static str {
        "trim_array"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [array, count] = types else {
            return plan_err!("trim_array takes an array and a count");
        };
        let array = match array {
            DataType::List(_) => array.clone(),
            DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
                DataType::List(Arc::clone(item))
            }
            DataType::Null => DataType::new_list(DataType::Null, true),
            other => return plan_err!("trim_array takes an array, not a value of type {other}"),
        };
        if !count.is_integer() && !count.is_null() {
            return plan_err!(
                "trim_array takes a whole number of elements, not one of type {count}"
            );
        }
        Ok(vec![array, DataType::Int64])
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        let [array, _] = types else { return plan_err!("trim_array takes an array and a count") };
        Ok(array.clone())
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let [array, _] = arguments.arg_fields else {
            return plan_err!("trim_array takes an array and a count");
        };
        Ok(Arc::new(Field::new(self.name(), array.data_type().clone(), true)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = are_constant(&arguments.args);
        let columns = ColumnarValue::values_to_arrays(&arguments.args)?;
        let (DataType::List(item), [arrays, counts]) =
            (arguments.return_field.data_type(), columns.as_slice())
        else {
            return exec_err!("trim_array takes an array and a count");
        };
        let trimmed = trimmed(arrays.as_list::<i32>(), counts.as_primitive::<Int64Type>(), item)?;
        answered(Arc::new(trimmed), is_constant)
    }
}

fn trimmed(arrays: &ListArray, counts: &Int64Array, item: &FieldRef) -> Result<ListArray> {
    let mut places = UInt32Builder::new();
    let mut lengths = Vec::with_capacity(arrays.len());
    for row in 0..arrays.len() {
        if arrays.is_null(row) || counts.is_null(row) {
            lengths.push(0);
            continue;
        }
        let first = arrays.value_offsets().get(row).copied().unwrap_or_default();
        let kept = kept(arrays.value_length(row), counts.value(row))?;
        for place in first..first.saturating_add(kept) {
            places.append_option(u32::try_from(place).ok());
        }
        lengths.push(usize::try_from(kept).unwrap_or_default());
    }
    let items = take(arrays.values(), &places.finish(), None)?;
    let nulls = NullBuffer::union(arrays.nulls(), counts.nulls());
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(ListArray::try_new(Arc::clone(item), offsets, items, nulls)?)
}

/// Returns how many elements stay.
fn kept(length: i32, count: i64) -> Result<i32, DataFusionError> {
    let count = i32::try_from(count).ok().filter(|count| (0..=length).contains(count));
    count.map(|count| length - count).ok_or_else(|| {
        let message = format!("number of elements to trim must be between 0 and {length}");
        external(Error::new(Code::InvalidParameter, message))
    })
}
