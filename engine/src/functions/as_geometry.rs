//! A value with the type of a geometry, or of JSON, that the planner has lost.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

/// The first argument, with what the field of the second says of geometries or JSON.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct AsGeometry {
    signature: Signature,
}

impl AsGeometry {
    /// Returns the function.
    pub(crate) fn new() -> Self {
        Self { signature: Signature::any(2, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for AsGeometry {
    fn name(&self) -> &'static str {
        "godwit_as_geometry"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        plan_err!("godwit_as_geometry has no type without a field")
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let [value, like] = arguments.arg_fields else {
            return plan_err!("godwit_as_geometry needs a value and a type");
        };
        let data_type = match value.data_type() {
            DataType::Null => like.data_type().clone(),
            other => other.clone(),
        };
        let field = like.as_ref().clone().with_data_type(data_type).with_nullable(true);
        Ok(Arc::new(field.with_name(self.name())))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(value) = arguments.args.first() else {
            return exec_err!("godwit_as_geometry needs a value and a type");
        };
        value.cast_to(arguments.return_field.data_type(), None)
    }
}
