//! One column from its engine type to its wire type.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, StringBuilder, UnionArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};

/// Returns `array` as `target`. A value that does not fit is an error, never a silent null.
pub(super) fn convert(array: &ArrayRef, target: &DataType) -> Result<ArrayRef, ArrowError> {
    if array.data_type() == target {
        return Ok(Arc::clone(array));
    }
    if target == &DataType::Utf8 && (array.data_type().is_nested() || is_union(array.data_type())) {
        return to_text(array);
    }
    cast_with_options(array, target, &CastOptions { safe: false, ..CastOptions::default() })
}

fn is_union(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Union(..))
}

/// Writes values of a type that no client reads as text.
fn to_text(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let options = FormatOptions::new().with_null("");
    let mut builder = StringBuilder::with_capacity(array.len(), array.len() * 16);
    if let Some(union) = array.as_any().downcast_ref::<UnionArray>() {
        for row in 0..union.len() {
            let member = union.value(row);
            if member.is_null(0) {
                builder.append_null();
                continue;
            }
            builder.append_value(
                ArrayFormatter::try_new(member.as_ref(), &options)?.value(0).try_to_string()?,
            );
        }
        return Ok(Arc::new(builder.finish()));
    }
    let formatter = ArrayFormatter::try_new(array.as_ref(), &options)?;
    for row in 0..array.len() {
        if array.is_null(row) {
            builder.append_null();
        } else {
            builder.append_value(formatter.value(row).try_to_string()?);
        }
    }
    Ok(Arc::new(builder.finish()))
}
