//! A list of geometries or JSON as a list of structs of one field, which `UNNEST` does not strip.

use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _, ListArray, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

/// The name of the one field.
pub(crate) const ELEMENT: &str = "element";

/// A list as a list of structs of one field; no value is copied.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Elements {
    signature: Signature,
}

impl Elements {
    /// Returns the function.
    pub(crate) fn new() -> Self {
        Self { signature: Signature::any(1, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Elements {
    fn name(&self) -> &'static str {
        "godwit_elements"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        plan_err!("godwit_elements has no type without a field")
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let list = arguments.arg_fields.first().map(|field| field.data_type());
        let Some(DataType::List(item)) = list else {
            return plan_err!("godwit_elements needs a list");
        };
        let data_type = DataType::List(wrapped(item));
        Ok(Arc::new(Field::new(self.name(), data_type, true)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = matches!(arguments.args.as_slice(), [ColumnarValue::Scalar(_)]);
        let arrays = ColumnarValue::values_to_arrays(&arguments.args)?;
        let list = arrays.first().and_then(|array| array.as_list_opt::<i32>());
        let (Some(list), DataType::List(item)) = (list, arguments.return_field.data_type()) else {
            return exec_err!("godwit_elements needs a list");
        };
        let DataType::Struct(fields) = item.data_type() else {
            return exec_err!("godwit_elements needs a list");
        };
        let values = vec![Arc::clone(list.values())];
        let records = StructArray::try_new(fields.clone(), values, None)?;
        let (offsets, nulls) = (list.offsets().clone(), list.nulls().cloned());
        let list = ListArray::try_new(Arc::clone(item), offsets, Arc::new(records), nulls)?;
        if is_constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::List(Arc::new(list))));
        }
        Ok(ColumnarValue::Array(Arc::new(list)))
    }
}

fn wrapped(item: &FieldRef) -> FieldRef {
    let element = Arc::new(item.as_ref().clone().with_name(ELEMENT).with_nullable(true));
    Arc::new(Field::new_list_field(DataType::Struct(Fields::from(vec![element])), true))
}
