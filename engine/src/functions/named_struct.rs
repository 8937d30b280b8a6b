//! `named_struct` whose fields keep what is known about their values; that of the engine below
//! forgets reference systems.

use std::sync::Arc;

use arrow::array::{ArrayRef, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::columnar::{answered, are_constant};

/// A record of names and values in turn.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct NamedStruct {
    signature: Signature,
}

impl NamedStruct {
    /// Returns the function.
    pub(crate) fn new() -> Self {
        Self { signature: Signature::variadic_any(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for NamedStruct {
    fn name(&self) -> &'static str {
        "named_struct"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        plan_err!("named_struct has no type without fields")
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        if arguments.arg_fields.is_empty() || !arguments.arg_fields.len().is_multiple_of(2) {
            return plan_err!("named_struct takes names and values in turn");
        }
        let names = arguments.scalar_arguments.iter().step_by(2);
        let values = arguments.arg_fields.iter().skip(1).step_by(2);
        let mut fields: Vec<Field> = Vec::with_capacity(values.len());
        for (name, value) in names.zip(values) {
            let Some(name) = name.and_then(|name| name.try_as_str().flatten()) else {
                return plan_err!("the names of named_struct must be literal texts");
            };
            fields.push(value.as_ref().clone().with_name(name).with_nullable(true));
        }
        Ok(Arc::new(Field::new(self.name(), DataType::Struct(fields.into()), true)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let DataType::Struct(fields) = arguments.return_field.data_type() else {
            return exec_err!("named_struct makes a record");
        };
        let values = arguments.args.iter().skip(1).step_by(2);
        let is_constant = are_constant(values.clone());
        let row_count = if is_constant { 1 } else { arguments.number_rows };
        let columns: Vec<ArrayRef> =
            values.map(|value| value.to_array(row_count)).collect::<Result<_>>()?;
        let record = Arc::new(StructArray::try_new(fields.clone(), columns, None)?);
        answered(record, is_constant)
    }
}
