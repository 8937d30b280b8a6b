//! `named_struct` and `ROW` whose fields keep what is known about their values; those of the engine
//! below forget reference systems.

use std::sync::Arc;

use arrow::array::{ArrayRef, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
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
        record(fields, values, arguments.number_rows)
    }
}

/// The function that `ROW(a, b)` and `(a, b)` are.
pub(crate) const ROW: &str = "struct";

/// `ROW(a, b)`: a record of values, the fields of which are `f1`, `f2` and so on.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Row {
    signature: Signature,
    aliases: [String; 1],
}

impl Row {
    /// Returns the function.
    pub(crate) fn new() -> Self {
        let signature = Signature::variadic_any(Volatility::Immutable);
        Self { signature, aliases: ["row".to_owned()] }
    }
}

impl ScalarUDFImpl for Row {
    fn name(&self) -> &'static str {
        ROW
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        plan_err!("ROW has no type without fields")
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        if arguments.arg_fields.is_empty() {
            return plan_err!("ROW takes one value or more");
        }
        let named = arguments.arg_fields.iter().enumerate();
        let fields: Vec<Field> = named
            .map(|(place, value)| {
                value.as_ref().clone().with_name(format!("f{}", place + 1)).with_nullable(true)
            })
            .collect();
        Ok(Arc::new(Field::new(self.name(), DataType::Struct(fields.into()), true)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let DataType::Struct(fields) = arguments.return_field.data_type() else {
            return exec_err!("ROW makes a record");
        };
        record(fields, arguments.args.iter(), arguments.number_rows)
    }
}

/// Returns the records of values, of which there is one for each field.
fn record<'a>(
    fields: &Fields,
    values: impl Iterator<Item = &'a ColumnarValue> + Clone,
    row_count: usize,
) -> Result<ColumnarValue> {
    let is_constant = are_constant(values.clone());
    let row_count = if is_constant { 1 } else { row_count };
    let columns: Vec<ArrayRef> =
        values.map(|value| value.to_array(row_count)).collect::<Result<_>>()?;
    let records = Arc::new(StructArray::try_new(fields.clone(), columns, None)?);
    answered(records, is_constant)
}
