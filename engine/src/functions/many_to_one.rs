//! Casts that give several values one, kept from the optimizer: it takes `x::int = 8` for
//! `x = 8.00`, and looks for the times of a table between those of its first and its last moment.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

/// Returns the function of such a cast, which answers with what it is given.
pub(crate) fn many_to_one() -> ScalarUDF {
    ScalarUDF::from(ManyToOne { signature: Signature::any(1, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ManyToOne {
    signature: Signature,
}

impl ScalarUDFImpl for ManyToOne {
    fn name(&self) -> &'static str {
        "godwit_many_to_one"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        let [data_type] = types else { return internal_err!("one value is expected") };
        Ok(data_type.clone())
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let [field] = arguments.arg_fields else { return internal_err!("one value is expected") };
        Ok(Arc::new(field.as_ref().clone().with_name(self.name())))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [value] = arguments.args.as_slice() else {
            return internal_err!("one value is expected");
        };
        Ok(value.clone())
    }
}
