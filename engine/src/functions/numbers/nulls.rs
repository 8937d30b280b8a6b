//! `num_nulls` and `num_nonnulls`: how many arguments are, or are not, NULL.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int64Array};
use arrow::datatypes::DataType;
use datafusion::logical_expr::{ScalarUDF, TypeSignature};

use super::super::plain::{Compute, Plain};

/// Returns the functions.
pub(super) fn all() -> [ScalarUDF; 2] {
    let function = |name, compute: Compute| {
        Plain::new(name, vec![TypeSignature::VariadicAny], DataType::Int64, compute).into()
    };
    [
        function("num_nulls", |columns| Ok(count(columns, true))),
        function("num_nonnulls", |columns| Ok(count(columns, false))),
    ]
}

fn count(columns: &[ArrayRef], of_nulls: bool) -> ArrayRef {
    let rows = columns.first().map_or(0, Array::len);
    let nulls: Vec<_> = columns.iter().map(Array::logical_nulls).collect();
    let is_null = |column: &Option<arrow::buffer::NullBuffer>, row| {
        column.as_ref().is_some_and(|nulls| nulls.is_null(row))
    };
    let counts = (0..rows).map(|row| {
        let counted = nulls.iter().filter(|column| is_null(column, row) == of_nulls).count();
        i64::try_from(counted).unwrap_or(i64::MAX)
    });
    Arc::new(Int64Array::from_iter_values(counts))
}
