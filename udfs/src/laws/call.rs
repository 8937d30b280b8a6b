//! One call of a function as the engine makes it: planned, then run on a batch.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef};
use arrow::datatypes::FieldRef;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF};

/// Returns the field of the result.
pub(super) fn plan(
    function: &ScalarUDF,
    values: &[ColumnarValue],
    fields: &[FieldRef],
) -> Result<FieldRef> {
    let literals: Vec<Option<&ScalarValue>> = values
        .iter()
        .map(|value| match value {
            ColumnarValue::Scalar(value) => Some(value),
            ColumnarValue::Array(_) => None,
        })
        .collect();
    function
        .return_field_from_args(ReturnFieldArgs { arg_fields: fields, scalar_arguments: &literals })
}

/// Returns the rows of the result as text.
pub(super) fn run(
    function: &ScalarUDF,
    values: Vec<ColumnarValue>,
    fields: &[FieldRef],
    row_count: usize,
) -> Result<Vec<String>> {
    let fields: Vec<FieldRef> = values
        .iter()
        .zip(fields)
        .map(|(value, field)| Arc::new(field.as_ref().clone().with_data_type(value.data_type())))
        .collect();
    let return_field = plan(function, &values, &fields)?;
    let result = function.invoke_with_args(ScalarFunctionArgs {
        args: values,
        arg_fields: fields,
        number_rows: row_count,
        return_field: Arc::clone(&return_field),
        config_options: Arc::new(ConfigOptions::default()),
    })?;
    let array = result.into_array(row_count)?;
    assert_eq!(array.data_type(), return_field.data_type(), "{}: planned type", function.name());
    assert_eq!(array.len(), row_count, "{}: count of rows", function.name());
    Ok(texts(&array))
}

fn texts(array: &ArrayRef) -> Vec<String> {
    let options = FormatOptions::default().with_null("NULL");
    let formatter = ArrayFormatter::try_new(array, &options).expect("a type that can be shown");
    (0..array.len()).map(|row| formatter.value(row).to_string()).collect()
}
