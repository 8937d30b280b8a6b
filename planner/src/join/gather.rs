//! Puts rows of the two sides together.

use arrow::array::{
    Array, ArrayRef, AsArray as _, RecordBatch, RecordBatchOptions, new_null_array,
};
use arrow::compute::interleave;
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::{JoinSide, Result};
use datafusion::physical_plan::joins::utils::ColumnIndex;

/// Puts rows of the two sides together under a schema.
#[derive(Debug)]
pub(super) struct Gather {
    schema: SchemaRef,
    columns: Vec<ColumnIndex>,
}

/// Rows of one side: the batches and, for each row, its batch and its place in it.
///
/// The place in a batch behind the last one stands for a row of NULL.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) batches: &'a [RecordBatch],
    pub(super) places: &'a [(usize, usize)],
}

impl Gather {
    pub(super) fn new(schema: SchemaRef, columns: Vec<ColumnIndex>) -> Self {
        Self { schema, columns }
    }

    /// Returns a batch of the left and right rows side by side.
    pub(super) fn batch(&self, left: Rows<'_>, right: Rows<'_>) -> Result<RecordBatch> {
        let row_count = left.places.len().max(right.places.len());
        let mut columns = Vec::with_capacity(self.columns.len());
        for (column, field) in self.columns.iter().zip(self.schema.fields()) {
            let rows = match column.side {
                JoinSide::Left => left,
                _ => right,
            };
            columns.push(rows.column(column.index, field.data_type())?);
        }
        let options = RecordBatchOptions::new().with_row_count(Some(row_count));
        let schema = SchemaRef::clone(&self.schema);
        Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
    }

    /// Returns the columns of a side whose values are copied whole into the result and that
    /// cannot hold more than 2 GiB.
    pub(super) fn bounded_columns(&self, side: JoinSide) -> Vec<usize> {
        let columns = self.columns.iter().zip(self.schema.fields());
        columns
            .filter(|(column, field)| {
                column.side == side
                    && matches!(field.data_type(), DataType::Binary | DataType::Utf8)
            })
            .map(|(column, _)| column.index)
            .collect()
    }
}

impl Rows<'_> {
    fn column(&self, index: usize, data_type: &DataType) -> Result<ArrayRef> {
        let mut arrays: Vec<&dyn Array> =
            self.batches.iter().map(|batch| batch.column(index).as_ref()).collect();
        let nulls = new_null_array(data_type, 1);
        arrays.push(&*nulls);
        Ok(interleave(&arrays, self.places)?)
    }
}

/// Returns the bytes that some columns of a row take.
pub(super) fn row_bytes(batch: &RecordBatch, columns: &[usize], row: usize) -> usize {
    let length = |index: &usize| {
        let column = batch.column(*index);
        let length = match column.data_type() {
            DataType::Binary => column.as_binary::<i32>().value_length(row),
            DataType::Utf8 => column.as_string::<i32>().value_length(row),
            _ => 0,
        };
        usize::try_from(length).unwrap_or(0)
    };
    columns.iter().map(length).sum()
}
