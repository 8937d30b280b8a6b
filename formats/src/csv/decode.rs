//! Chunks of records to batches.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::FormatError;
use crate::chunks::{Chunk, ChunkDecoder};
use crate::csv::dialect::Dialect;

/// Parses records into the projected columns.
pub(super) struct RecordDecoder {
    pub(super) dialect: Dialect,
    pub(super) file_schema: SchemaRef,
    pub(super) projection: Vec<usize>,
    pub(super) batch_size: usize,
}

impl ChunkDecoder for RecordDecoder {
    fn decode(&self, chunk: &Chunk) -> Result<Vec<RecordBatch>, FormatError> {
        let has_header = chunk.is_first && self.dialect.has_header;
        let reader = self
            .dialect
            .reader(SchemaRef::clone(&self.file_schema), has_header)
            .with_projection(self.projection.clone())
            .with_batch_size(self.batch_size)
            .build_buffered(chunk.data.as_slice())?;
        let mut batches = Vec::new();
        for batch in reader {
            // The parser counts lines from the beginning of the chunk.
            batches.push(batch.map_err(|error| chunk.malformed(0, error.to_string()))?);
        }
        Ok(batches)
    }
}
