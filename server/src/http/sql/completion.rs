//! The one row that a statement without rows answers with.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use godwit_engine::Completion;

/// Returns what a statement did as a row.
pub(super) fn row(completion: &Completion) -> Result<RecordBatch, ArrowError> {
    let rows = completion.rows_affected.and_then(|rows| i64::try_from(rows).ok());
    let columns: [(&str, ArrayRef); 4] = [
        ("status", Arc::new(StringArray::from(vec!["ok"]))),
        ("operation", Arc::new(StringArray::from(vec![completion.operation]))),
        ("rows_affected", Arc::new(Int64Array::from(vec![rows]))),
        ("version", Arc::new(Int64Array::from(vec![completion.version]))),
    ];
    let field = |name: &str, data_type: &DataType| Field::new(name, data_type.clone(), true);
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| field(name, column.data_type())).collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
}
