//! The value of the only row, for subqueries that stand for a value.
//!
//! Such a subquery may be computed for rows that nobody asks it for. So the aggregate takes the first
//! value, and whether there are more is an error only where the value is asked for.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, BooleanArray};
use arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_err, internal_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, ColumnarValue, ReturnFieldArgs,
    ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Returns the function of a value and the number of its rows that is the value; an error with more
/// rows than one.
pub(crate) fn of_only_row() -> ScalarUDF {
    ScalarUDF::from(OfOnlyRow { signature: Signature::any(2, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct OfOnlyRow {
    signature: Signature,
}

impl ScalarUDFImpl for OfOnlyRow {
    fn name(&self) -> &'static str {
        "of_only_row"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        internal_err!("the type is that of a field")
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let [value, _] = arguments.arg_fields else {
            return internal_err!("a value and a number are expected");
        };
        Ok(Arc::new(value.as_ref().clone().with_name(self.name()).with_nullable(true)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [value, counts] = arguments.args.as_slice() else {
            return internal_err!("a value and a number are expected");
        };
        let counts = counts.to_array(arguments.number_rows)?;
        let Some(counts) = counts.as_primitive_opt::<Int64Type>() else {
            return internal_err!("a number of rows is expected");
        };
        if counts.iter().flatten().any(|count| count > 1) {
            return exec_err!("more than one row returned by a subquery used as an expression");
        }
        Ok(value.clone())
    }
}

/// Returns the aggregate of the first value; NULL without a row.
pub(crate) fn single_value() -> AggregateUDF {
    AggregateUDF::from(SingleValue { signature: Signature::any(1, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct SingleValue {
    signature: Signature,
}

impl AggregateUDFImpl for SingleValue {
    fn name(&self) -> &'static str {
        "single_value"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        internal_err!("the type is that of a field")
    }

    fn return_field(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        let [field] = fields else { return internal_err!("one value is expected") };
        Ok(FieldRef::new(field.as_ref().clone().with_name(self.name()).with_nullable(true)))
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let [input] = arguments.input_fields else { return internal_err!("one value is expected") };
        let value =
            Field::new(format!("{}[value]", arguments.name), input.data_type().clone(), true);
        let found = Field::new(format!("{}[found]", arguments.name), DataType::Boolean, false);
        Ok(vec![FieldRef::new(value), FieldRef::new(found)])
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let value = ScalarValue::try_from(arguments.return_field.data_type())?;
        Ok(Box::new(Single { value, is_found: false }))
    }
}

/// The value so far.
#[derive(Debug)]
struct Single {
    value: ScalarValue,
    is_found: bool,
}

impl Single {
    fn take(&mut self, values: &ArrayRef, row: usize) -> Result<()> {
        if self.is_found {
            return Ok(());
        }
        self.is_found = true;
        self.value = ScalarValue::try_from_array(values, row)?;
        Ok(())
    }
}

impl Accumulator for Single {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let [values] = values else { return internal_err!("one value is expected") };
        if values.is_empty() { Ok(()) } else { self.take(values, 0) }
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [values, found] = states else { return internal_err!("two columns are expected") };
        let found: &BooleanArray = found.as_boolean();
        let first = found.values().set_indices().next();
        first.map_or(Ok(()), |row| self.take(values, row))
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(self.value.clone())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.value.clone(), ScalarValue::from(self.is_found)])
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.value.size() - size_of_val(&self.value)
    }
}
