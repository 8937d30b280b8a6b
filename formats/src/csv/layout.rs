//! What is found out about a file while it is cut: where its columns stand and where its lines are.

use std::io::Read;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arrow::datatypes::SchemaRef;

use crate::FormatError;
use crate::chunks::{Chunk, ChunkSource};
use crate::csv::dialect::Dialect;
use crate::csv::header::{column_names, order, other_columns};
use crate::csv::splitter::RecordSplitter;

/// What is known of a file. Chunks are cut in their order and read in any.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// For every column of the file the one of the table; the same one if nothing is said.
    order: OnceLock<Vec<usize>>,
    /// The offsets of chunks and how many lines end before them.
    lines: Mutex<Vec<(u64, u64)>>,
}

impl Layout {
    /// Returns which column of the table each one of the file is, if the file has another order.
    pub(super) fn order(&self) -> Option<&[usize]> {
        self.order.get().map(Vec::as_slice)
    }

    /// Returns how many lines end before a chunk.
    pub(super) fn lines_before(&self, chunk: &Chunk) -> u64 {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let before = lines.iter().rev().find(|(start, _)| *start <= chunk.offset);
        before.map_or(0, |(_, count)| *count)
    }
}

/// Cuts a file and notes what is found out about it.
pub(super) struct LayoutSource {
    splitter: RecordSplitter,
    dialect: Dialect,
    /// The columns of the table.
    table: SchemaRef,
    layout: Arc<Layout>,
    lines: u64,
}

impl LayoutSource {
    pub(super) fn new(
        reader: Box<dyn Read + Send>,
        path: Arc<str>,
        dialect: Dialect,
        table: SchemaRef,
        layout: Arc<Layout>,
    ) -> Self {
        let splitter = RecordSplitter::new(reader, path, dialect.clone());
        Self { splitter, dialect, table, layout, lines: 0 }
    }

    /// Looks for the columns of the table in the header of a file.
    fn look_at_header(&self, chunk: &Chunk) -> Result<(), FormatError> {
        let names = column_names(&chunk.data, &self.dialect);
        let names = names.map_err(|error| chunk.malformed(0, error.to_string()))?;
        let fields = self.table.fields().iter();
        let known: Vec<&str> = fields.map(|field| field.name().as_str()).collect();
        // A file with nothing but empty lines has no header and no rows.
        if names.is_empty() || names == known {
            return Ok(());
        }
        let order =
            order(&known, &names).ok_or_else(|| other_columns(&chunk.path, &names, &known))?;
        self.layout.order.get_or_init(|| order);
        Ok(())
    }
}

impl ChunkSource for LayoutSource {
    fn next_chunk(&mut self) -> Result<Option<Chunk>, FormatError> {
        let Some(chunk) = self.splitter.next_chunk()? else { return Ok(None) };
        if chunk.is_first && self.dialect.has_header {
            self.look_at_header(&chunk)?;
        }
        let mut lines = self.layout.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push((chunk.offset, self.lines));
        drop(lines);
        self.lines += line_ends(&chunk.data);
        Ok(Some(chunk))
    }
}

/// Returns how many lines end in some text.
pub(super) fn line_ends(data: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', data).count() as u64
}
