//! Chunks of records to batches.

use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch, RecordBatchOptions};
use arrow::csv::ReaderBuilder;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use crate::FormatError;
use crate::chunks::{Chunk, ChunkDecoder};
use crate::csv::dialect::Dialect;
use crate::csv::layout::Layout;
use crate::csv::location::Records;
use crate::csv::plain::PlainValues;
use crate::csv::values::{called, is_checked, typed};

/// How many bytes of a refused value are shown.
const SHOWN_BYTES: usize = 60;

/// Parses records into the projected columns.
pub(super) struct RecordDecoder {
    pub(super) dialect: Dialect,
    /// All columns of the table.
    pub(super) table: SchemaRef,
    /// The columns to deliver.
    pub(super) projection: Vec<usize>,
    /// The same ones.
    pub(super) projected: SchemaRef,
    pub(super) batch_size: usize,
    pub(super) layout: Arc<Layout>,
}

impl ChunkDecoder for RecordDecoder {
    fn decode(&self, chunk: &Chunk) -> Result<Vec<RecordBatch>, FormatError> {
        let width = self.table.fields().len();
        let is_known = |field: &Arc<Field>| {
            is_checked(field.data_type()) || *field.data_type() == DataType::Utf8View
        };
        if self.projected.fields().iter().all(is_known)
            && let Some(values) =
                PlainValues::find(&chunk.data, &self.dialect, width, self.has_header(chunk))
        {
            return self.plain_batches(chunk, &values);
        }
        self.parsed_batches(chunk)
    }
}

impl RecordDecoder {
    /// Returns the rows of a chunk whose values need no parser.
    fn plain_batches(
        &self,
        chunk: &Chunk,
        values: &PlainValues<'_>,
    ) -> Result<Vec<RecordBatch>, FormatError> {
        let places = self.places();
        let count = values.record_count();
        let mut batches = Vec::new();
        let mut start = 0;
        while start < count {
            let end = count.min(start.saturating_add(self.batch_size.max(1)));
            let mut columns = Vec::with_capacity(places.len());
            for (field, place) in self.projected.fields().iter().zip(&places) {
                let texts = values.column(*place, start..end);
                let texts = texts.map(|text| (!self.dialect.is_null(text)).then_some(text));
                let refused = |row: usize| {
                    let value = values.column(*place, start..end).nth(row).unwrap_or_default();
                    self.refused(chunk, start + row, field, value)
                };
                columns.push(typed(texts, end - start, field.data_type()).map_err(refused)?);
            }
            batches.push(self.batch(columns, end - start)?);
            start = end;
        }
        Ok(batches)
    }

    /// Returns the rows of a chunk that has to be parsed.
    fn parsed_batches(&self, chunk: &Chunk) -> Result<Vec<RecordBatch>, FormatError> {
        let reader = self
            .reader(chunk)
            .with_projection(self.places())
            .with_batch_size(self.batch_size)
            .build_buffered(chunk.data.as_slice())?;
        let mut batches = Vec::new();
        let mut rows = 0;
        for batch in reader {
            let texts = batch.map_err(|error| self.records(chunk).broken(&error))?;
            batches.push(self.typed_batch(chunk, &texts, rows)?);
            rows += texts.num_rows();
        }
        Ok(batches)
    }

    /// Returns a reader of a chunk that leaves as text what is checked.
    fn reader(&self, chunk: &Chunk) -> ReaderBuilder {
        let mut fields: Vec<Arc<Field>> = Vec::new();
        for index in 0..self.table.fields().len() {
            let place = self.layout.order().and_then(|order| order.get(index)).copied();
            let Some(field) = self.table.fields().get(place.unwrap_or(index)) else { continue };
            fields.push(if is_checked(field.data_type()) {
                Arc::new(Field::new(field.name(), DataType::Utf8View, true))
            } else {
                Arc::clone(field)
            });
        }
        self.dialect.reader(Arc::new(Schema::new(fields)), self.has_header(chunk))
    }

    fn has_header(&self, chunk: &Chunk) -> bool {
        chunk.is_first && self.dialect.has_header
    }

    /// Returns where the projected columns stand in the file.
    fn places(&self) -> Vec<usize> {
        let Some(order) = self.layout.order() else { return self.projection.clone() };
        let mut places = vec![0; order.len()];
        for (place, column) in order.iter().enumerate() {
            if let Some(known) = places.get_mut(*column) {
                *known = place;
            }
        }
        self.projection.iter().filter_map(|column| places.get(*column).copied()).collect()
    }

    /// Returns the rows of a batch, behind as many of the chunk, with the types of the table.
    fn typed_batch(
        &self,
        chunk: &Chunk,
        texts: &RecordBatch,
        rows: usize,
    ) -> Result<RecordBatch, FormatError> {
        let mut columns = Vec::with_capacity(texts.num_columns());
        for (field, column) in self.projected.fields().iter().zip(texts.columns()) {
            if !is_checked(field.data_type()) {
                columns.push(Arc::clone(column));
                continue;
            }
            let texts = column.as_string_view();
            let refused = |row: usize| {
                let value = if row < texts.len() { texts.value(row) } else { "" };
                self.refused(chunk, rows + row, field, value)
            };
            let values = typed(texts.iter(), texts.len(), field.data_type());
            columns.push(values.map_err(refused)?);
        }
        self.batch(columns, texts.num_rows())
    }

    fn batch(&self, columns: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch, FormatError> {
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.projected), columns, &options)?)
    }

    /// Returns the error for a value that is not of the type of its column.
    fn refused(&self, chunk: &Chunk, row: usize, field: &Field, value: &str) -> FormatError {
        let shown = value.get(..value.floor_char_boundary(SHOWN_BYTES)).unwrap_or_default();
        let reason = format!(
            "\"{shown}\" in column \"{}\" is not {}, as the rows are from which its type was \
             found; the option infer_rows 'all' looks at every row, '0' makes every column text",
            field.name(),
            called(field.data_type()),
        );
        self.records(chunk).refused(row, &reason)
    }

    /// Returns the records of a chunk, to find one in it.
    fn records<'a>(&'a self, chunk: &'a Chunk) -> Records<'a> {
        let lines = self.layout.lines_before(chunk);
        Records { dialect: &self.dialect, columns: Arc::clone(&self.table), chunk, lines }
    }
}
