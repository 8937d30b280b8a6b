//! Puts rows of the two sides together.

mod numbers;
mod views;

use arrow::array::{
    Array, ArrayRef, AsArray as _, RecordBatch, RecordBatchOptions, UInt32Array, new_null_array,
};
use arrow::compute::{interleave, take};
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::{JoinSide, Result};
use datafusion::physical_plan::joins::utils::ColumnIndex;

use self::views::Copies;

/// Puts rows of the two sides together under a schema.
#[derive(Debug, Clone)]
pub(crate) struct Gather {
    schema: SchemaRef,
    columns: Vec<ColumnIndex>,
}

/// The place of a row of NULL.
pub(crate) const NO_ROW: (usize, usize) = (usize::MAX, 0);

/// Rows of one side: the batches and, for each row, its batch and its place in it or [`NO_ROW`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) batches: &'a [RecordBatch],
    pub(crate) places: &'a [(usize, usize)],
}

impl Gather {
    pub(crate) fn new(schema: SchemaRef, columns: Vec<ColumnIndex>) -> Self {
        Self { schema, columns }
    }

    /// Returns what puts rows of one side alone together, given as the left one.
    pub(crate) fn of_rows(schema: SchemaRef) -> Self {
        let columns = 0..schema.fields().len();
        let columns = columns.map(|index| ColumnIndex { index, side: JoinSide::Left }).collect();
        Self { schema, columns }
    }

    /// Returns the schema of the batches.
    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Returns where the columns come from.
    pub(crate) fn columns(&self) -> &[ColumnIndex] {
        &self.columns
    }

    /// Returns what puts together some of the columns, under a schema of them.
    pub(crate) fn project(&self, schema: SchemaRef, indices: &[usize]) -> Self {
        let columns = indices.iter().filter_map(|index| self.columns.get(*index).cloned());
        Self { schema, columns: columns.collect() }
    }

    /// Returns a batch of the left and right rows side by side.
    pub(crate) fn batch(&self, left: Rows<'_>, right: Rows<'_>) -> Result<RecordBatch> {
        self.batch_with(left, right, None)
    }

    /// Returns a batch of the left and right rows side by side and a column of neither side.
    pub(crate) fn batch_with(
        &self,
        left: Rows<'_>,
        right: Rows<'_>,
        other: Option<&ArrayRef>,
    ) -> Result<RecordBatch> {
        let row_count = left.places.len().max(right.places.len());
        let (left, right) = (Picked::new(left), Picked::new(right));
        let mut columns = Vec::with_capacity(self.columns.len());
        for (column, field) in self.columns.iter().zip(self.schema.fields()) {
            columns.push(match (column.side, other) {
                (JoinSide::Left, _) => left.column(column.index, field.data_type())?,
                (JoinSide::None, Some(other)) => ArrayRef::clone(other),
                _ => right.column(column.index, field.data_type())?,
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(row_count));
        let schema = SchemaRef::clone(&self.schema);
        Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
    }

    /// Returns a batch of left rows that holds no memory but its own, unless its values lie behind
    /// views that share them.
    pub(crate) fn compact(&self, rows: Rows<'_>) -> Result<RecordBatch> {
        let picked = Picked { copies: Copies::All, ..Picked::new(rows) };
        let columns = self.columns.iter().zip(self.schema.fields());
        let columns = columns.map(|(column, field)| picked.column(column.index, field.data_type()));
        let options = RecordBatchOptions::new().with_row_count(Some(rows.places.len()));
        let schema = SchemaRef::clone(&self.schema);
        let columns = columns.collect::<Result<_>>()?;
        Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
    }

    /// Returns the columns of a side whose values are copied whole into the result and that
    /// cannot hold more than 2 GiB.
    pub(crate) fn bounded_columns(&self, side: JoinSide) -> Vec<usize> {
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

/// Rows of one side, as the kernels want them.
struct Picked<'a> {
    batches: &'a [RecordBatch],
    /// The rows; the place in a batch behind the last one stands for a row of NULL.
    places: Vec<(usize, usize)>,
    /// The rows of the only batch.
    rows: Option<UInt32Array>,
    copies: Copies,
}

impl<'a> Picked<'a> {
    fn new(Rows { batches, places }: Rows<'a>) -> Self {
        let rows = (batches.len() == 1).then(|| {
            let rows = places.iter().map(|place| match *place {
                NO_ROW => None,
                (_, row) => u32::try_from(row).ok(),
            });
            rows.collect()
        });
        let behind = (batches.len(), 0);
        let places = places.iter().map(|place| if *place == NO_ROW { behind } else { *place });
        Self { batches, places: places.collect(), rows, copies: Copies::Few }
    }

    fn column(&self, index: usize, data_type: &DataType) -> Result<ArrayRef> {
        let columns = self.batches.iter().map(|batch| batch.column(index).as_ref());
        let mut arrays: Vec<&dyn Array> = columns.collect();
        if let Some(copied) = views::copied(&arrays, &self.places, data_type, self.copies) {
            return Ok(copied);
        }
        if let (Some(rows), [array]) = (&self.rows, arrays.as_slice()) {
            return Ok(take(*array, rows, None)?);
        }
        if let Some(numbers) = numbers::gathered(&arrays, &self.places, data_type) {
            return Ok(numbers);
        }
        let nulls = new_null_array(data_type, 1);
        if self.places.iter().any(|(batch, _)| *batch == arrays.len()) {
            arrays.push(&*nulls);
        }
        Ok(interleave(&arrays, &self.places)?)
    }
}

/// Returns the bytes that some columns of a row take.
pub(crate) fn row_bytes(batch: &RecordBatch, columns: &[usize], row: usize) -> usize {
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
