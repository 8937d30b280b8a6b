//! A value with the type of a geometry, or of JSON, that the planner has lost, or a list of such.

use std::sync::Arc;

use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

/// The first argument, with what the field of the second says of geometries or JSON; what is said
/// of a list is said of its elements.
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
            DataType::List(item) => {
                let item = item.as_ref().clone().with_metadata(like.metadata().clone());
                let list = DataType::List(Arc::new(item));
                return Ok(Arc::new(Field::new(self.name(), list, true)));
            }
            other => other.clone(),
        };
        let field = like.as_ref().clone().with_data_type(data_type).with_nullable(true);
        Ok(Arc::new(field.with_name(self.name())))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(value) = arguments.args.first() else {
            return exec_err!("godwit_as_geometry needs a value and a type");
        };
        let data_type = arguments.return_field.data_type();
        if matches!(data_type, DataType::List(_)) {
            // A single value of the query engine forgets what is known about elements.
            let lists = value.to_array(arguments.number_rows)?;
            return Ok(ColumnarValue::Array(cast(&lists, data_type)?));
        }
        value.cast_to(data_type, None)
    }
}
