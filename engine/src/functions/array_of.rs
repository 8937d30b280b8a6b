//! What `ARRAY[..]` is where its elements mention columns of a query around, which the planner does
//! not find in a literal.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::functions_nested::make_array::make_array_udf;
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};
use godwit_geometry::is_geometry;

use super::GeometryArray;

/// The function of an array's elements.
pub(crate) const ARRAY_OF: &str = "godwit_array";

/// Returns the function.
pub(super) fn array_of() -> ScalarUDF {
    ScalarUDF::from(ArrayOf {
        plain: make_array_udf(),
        spatial: Arc::new(ScalarUDF::from(GeometryArray::new())),
        signature: Signature::user_defined(Volatility::Immutable),
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ArrayOf {
    plain: Arc<ScalarUDF>,
    spatial: Arc<ScalarUDF>,
    signature: Signature,
}

impl ScalarUDFImpl for ArrayOf {
    fn name(&self) -> &'static str {
        ARRAY_OF
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        plan_err!("{ARRAY_OF} has no type without fields")
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        if arguments.arg_fields.iter().any(|field| is_geometry(field)) {
            return self.spatial.return_field_from_args(arguments);
        }
        self.plain.return_field_from_args(arguments)
    }

    /// Returns the types of the elements. Those of geometries stay as they are.
    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        if types.iter().any(DataType::is_binary) {
            return Ok(types.to_vec());
        }
        self.plain.coerce_types(types)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_spatial = match arguments.return_field.data_type() {
            DataType::List(item) => is_geometry(item),
            _ => false,
        };
        let function = if is_spatial { &self.spatial } else { &self.plain };
        function.invoke_with_args(arguments)
    }
}
