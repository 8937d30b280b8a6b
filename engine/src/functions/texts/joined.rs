//! `array_to_string`, with elements that are written as `PostgreSQL` writes them.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::functions_nested::string::array_to_string_udf;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
};

use super::super::written::with_text_items;

/// Returns the function.
pub(super) fn joined() -> ScalarUDF {
    ScalarUDF::from(Joined { inner: array_to_string_udf() })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Joined {
    inner: Arc<ScalarUDF>,
}

impl ScalarUDFImpl for Joined {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(types)
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn invoke_with_args(&self, mut arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        if let Some(list) = arguments.args.first_mut() {
            *list = match &*list {
                ColumnarValue::Array(lists) => ColumnarValue::Array(with_text_items(lists)?),
                ColumnarValue::Scalar(list) => {
                    let lists = with_text_items(&list.to_array()?)?;
                    ColumnarValue::Scalar(ScalarValue::try_from_array(&lists, 0)?)
                }
            };
        }
        self.inner.inner().invoke_with_args(arguments)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.inner.documentation()
    }
}
