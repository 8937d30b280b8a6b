//! The columns of delimited text: names from the header, types from a sample.

use std::io::Read;
use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use crate::FormatError;
use crate::chunks::ChunkSource as _;
use crate::csv::dialect::Dialect;
use crate::csv::header::{column_names, order, other_columns};
use crate::csv::layout::line_ends;
use crate::csv::location::Records;
use crate::csv::plain::PlainValues;
use crate::csv::splitter::RecordSplitter;
use crate::csv::types::Seen;

/// The columns of a file as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Inferred {
    /// The delimiter, if it was looked for and the file has a record.
    pub(super) delimiter: Option<u8>,
    columns: Vec<(String, Seen)>,
    pub(super) rows: usize,
}

impl Inferred {
    /// Looks at up to `limit` rows; with none, every column is text. The delimiter is taken from
    /// the file unless it `is_known`.
    pub(super) fn from_reader(
        reader: Box<dyn Read + Send>,
        path: Arc<str>,
        dialect: &Dialect,
        is_known: bool,
        limit: usize,
    ) -> Result<Self, FormatError> {
        let mut splitter = RecordSplitter::new(reader, path, dialect.clone());
        let delimiter = if is_known { None } else { splitter.find_delimiter()? };
        let dialect = &dialect.with_delimiter(delimiter.unwrap_or(dialect.delimiter));
        let mut inferred = Self { delimiter, ..Self::default() };
        let mut lines = 0;
        while let Some(chunk) = splitter.next_chunk()? {
            if chunk.is_first {
                let names = column_names(&chunk.data, dialect);
                let names = names.map_err(|error| chunk.malformed(0, error.to_string()))?;
                let unseen = names.into_iter().map(|name| (name, Seen::default()));
                inferred.columns = unseen.collect();
                if !inferred.has_columns() {
                    break;
                }
            }
            let left = limit.saturating_sub(inferred.rows);
            if left == 0 {
                break;
            }
            let has_header = chunk.is_first && dialect.has_header;
            if let Err(error) = inferred.look_at(&chunk.data, dialect, has_header, left) {
                let columns = inferred.texts();
                return Err(Records { dialect, columns, chunk: &chunk, lines }.broken(&error));
            }
            lines += line_ends(&chunk.data);
        }
        Ok(inferred)
    }

    /// Adds another file, which must have the same columns in any order.
    pub(super) fn merge(&mut self, other: Self, path: &str) -> Result<(), FormatError> {
        if self.columns.is_empty() {
            *self = other;
            return Ok(());
        }
        if other.columns.is_empty() {
            return Ok(());
        }
        let (known, found) = (self.names(), other.names());
        let order = order(&known, &found).ok_or_else(|| other_columns(path, &found, &known))?;
        self.rows += other.rows;
        for (index, (_, seen)) in order.into_iter().zip(other.columns) {
            if let Some((_, known)) = self.columns.get_mut(index) {
                known.merge(seen);
            }
        }
        Ok(())
    }

    /// Returns whether a header was found, which is not so where all lines are empty.
    pub(super) fn has_columns(&self) -> bool {
        !self.columns.is_empty()
    }

    fn names(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn schema(self) -> Schema {
        let fields = self.columns.into_iter();
        let fields = fields.map(|(name, seen)| Field::new(name, seen.data_type(), true));
        Schema::new(fields.collect::<Vec<_>>())
    }

    /// Returns the columns as texts.
    fn texts(&self) -> SchemaRef {
        let fields = self.columns.iter();
        let fields = fields.map(|(name, _)| Field::new(name, DataType::Utf8View, true));
        Arc::new(Schema::new(fields.collect::<Vec<_>>()))
    }

    fn look_at(
        &mut self,
        data: &[u8],
        dialect: &Dialect,
        has_header: bool,
        limit: usize,
    ) -> Result<(), arrow::error::ArrowError> {
        if let Some(values) = PlainValues::find(data, dialect, self.columns.len(), has_header) {
            let count = values.record_count().min(limit);
            self.rows += count;
            for (place, (_, seen)) in self.columns.iter_mut().enumerate() {
                let values = values.column(place, 0..count);
                values.filter(|value| !dialect.is_null(value)).for_each(|value| seen.add(value));
            }
            return Ok(());
        }
        let mut left = limit;
        for batch in dialect.reader(self.texts(), has_header).build_buffered(data)? {
            let batch = batch?;
            let batch = batch.slice(0, batch.num_rows().min(left));
            left -= batch.num_rows();
            self.rows += batch.num_rows();
            for ((_, seen), column) in self.columns.iter_mut().zip(batch.columns()) {
                let texts = column.as_string_view();
                if seen.is_text() || texts.null_count() == texts.len() {
                    continue;
                }
                texts.iter().flatten().for_each(|value| seen.add(value));
            }
            if left == 0 {
                break;
            }
        }
        Ok(())
    }
}
