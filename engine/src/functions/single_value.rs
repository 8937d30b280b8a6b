//! The value of the only row, for subqueries that stand for a value.

use arrow::array::{Array as _, ArrayRef, AsArray as _, BooleanArray};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err, internal_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility,
};

/// Returns the aggregate of one value; NULL without a row, and an error with more than one.
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
            return exec_err!("more than one row returned by a subquery used as an expression");
        }
        self.is_found = true;
        self.value = ScalarValue::try_from_array(values, row)?;
        Ok(())
    }
}

impl Accumulator for Single {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let [values] = values else { return internal_err!("one value is expected") };
        (0..values.len().min(2)).try_for_each(|row| self.take(values, row))
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [values, found] = states else { return internal_err!("two columns are expected") };
        let found: &BooleanArray = found.as_boolean();
        let rows = found.values().set_indices();
        rows.take(2).try_for_each(|row| self.take(values, row))
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
