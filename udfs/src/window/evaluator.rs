//! Runs a window function on one partition.

use arrow::array::{Array as _, ArrayRef, new_empty_array};
use arrow::compute::cast;
use arrow::datatypes::FieldRef;
use datafusion::common::Result;
use datafusion::logical_expr::PartitionEvaluator;
use godwit_geometry::interrupt;

use crate::arguments::{Arguments, normalise};
use crate::function::Function;
use crate::overload::resolve;
use crate::scalar::{evaluate, external, no_match};

/// Runs a window function on one partition.
#[derive(Debug)]
pub(super) struct Evaluator {
    pub(super) function: &'static Function,
    /// The fields of the arguments.
    pub(super) fields: Vec<FieldRef>,
    /// The field of the result.
    pub(super) result: FieldRef,
}

impl PartitionEvaluator for Evaluator {
    fn evaluate_all(&mut self, values: &[ArrayRef], num_rows: usize) -> Result<ArrayRef> {
        // There may be any number of partitions before the next batch.
        interrupt::check().map_err(external)?;
        if num_rows == 0 {
            return Ok(new_empty_array(self.result.data_type()));
        }
        let Some(overload) = resolve(self.function, &self.fields) else {
            return Err(no_match(self.function, &self.fields));
        };
        let mut arrays = Vec::with_capacity(values.len());
        for (array, argument) in values.iter().zip(overload.arguments) {
            arrays.push(normalise(ArrayRef::clone(array), argument.kind).map_err(external)?);
        }
        let name = self.function.name();
        let arguments = Arguments {
            function: &name,
            arrays: &arrays,
            constant: &vec![false; arrays.len()],
            fields: &self.fields,
            result: &self.result,
            row_count: num_rows,
            kinds: self.function.kinds,
        };
        let result = interrupt::until_over(|| evaluate(overload, &arguments)).map_err(external)?;
        if result.data_type() != self.result.data_type() {
            return Ok(cast(&result, self.result.data_type())?);
        }
        Ok(result)
    }
}
