//! `mode() WITHIN GROUP (ORDER BY x)`, or `mode(x)`: the value that most rows have, of several the
//! one that comes first in the order.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, Int64Array};
use arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::common::utils::SingleRowListArrayBuilder;
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::format_state_name;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility,
};

/// Returns the aggregate.
pub(super) fn mode() -> AggregateUDF {
    AggregateUDF::from(Mode { signature: Signature::any(1, Volatility::Immutable) })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Mode {
    signature: Signature,
}

impl AggregateUDFImpl for Mode {
    fn name(&self) -> &'static str {
        "mode"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        let [only] = types else { return plan_err!("mode takes one argument") };
        Ok(only.clone())
    }

    /// Returns the field of the argument, with its reference system.
    fn return_field(&self, fields: &[FieldRef]) -> Result<FieldRef> {
        let [field] = fields else { return plan_err!("mode takes one argument") };
        Ok(FieldRef::new(field.as_ref().clone().with_name(self.name()).with_nullable(true)))
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let [input] = arguments.input_fields else { return plan_err!("mode takes one argument") };
        let list = |name: &str, of: DataType| {
            let list = DataType::List(Arc::new(Field::new_list_field(of, true)));
            Arc::new(Field::new(format_state_name(arguments.name, name), list, true))
        };
        Ok(vec![list("values", input.data_type().clone()), list("counts", DataType::Int64)])
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let is_descending =
            arguments.order_bys.first().is_some_and(|order| order.options.descending);
        let data_type = arguments.return_field.data_type().clone();
        Ok(Box::new(Counts { counts: HashMap::new(), bytes: 0, data_type, is_descending }))
    }

    fn supports_within_group_clause(&self) -> bool {
        true
    }
}

/// How often each value came.
#[derive(Debug)]
struct Counts {
    counts: HashMap<ScalarValue, i64>,
    /// What the values hold beside their place in the table.
    bytes: usize,
    data_type: DataType,
    is_descending: bool,
}

impl Counts {
    fn add(&mut self, value: ScalarValue, count: i64) {
        if value.is_null() {
            return;
        }
        let bytes = value.size();
        self.counts.entry(value).and_modify(|known| *known += count).or_insert_with(|| {
            self.bytes += bytes;
            count
        });
    }

    /// Orders two values with their counts by which is rather the mode.
    fn compare(&self, left: (&ScalarValue, &i64), right: (&ScalarValue, &i64)) -> Ordering {
        left.1.cmp(right.1).then_with(|| {
            let order = left.0.partial_cmp(right.0).unwrap_or(Ordering::Equal);
            if self.is_descending { order } else { order.reverse() }
        })
    }
}

impl Accumulator for Counts {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let Some(values) = columns.first() else { return exec_err!("mode takes one argument") };
        for row in 0..values.len() {
            self.add(ScalarValue::try_from_array(values, row)?.compacted(), 1);
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let (values, counts): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.counts).into_iter().unzip();
        self.bytes = 0;
        let values = ScalarValue::new_list(&values, &self.data_type, true);
        let counts = SingleRowListArrayBuilder::new(Arc::new(Int64Array::from(counts)));
        Ok(vec![ScalarValue::List(values), counts.build_list_scalar()])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [values, counts] = states else { return exec_err!("mode has two states") };
        for (values, counts) in values.as_list::<i32>().iter().zip(counts.as_list::<i32>().iter()) {
            let (Some(values), Some(counts)) = (values, counts) else { continue };
            for (row, count) in counts.as_primitive::<Int64Type>().values().iter().enumerate() {
                self.add(ScalarValue::try_from_array(&values, row)?.compacted(), *count);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mode = self.counts.iter().max_by(|left, right| self.compare(*left, *right));
        match mode {
            Some((value, _)) => Ok(value.clone()),
            None => ScalarValue::try_from(&self.data_type),
        }
    }

    fn size(&self) -> usize {
        let entry = size_of::<(ScalarValue, i64)>() + 1;
        size_of_val(self) + self.counts.capacity() * entry + self.bytes
    }
}
