//! Where the records of a chunk begin, for errors: only what is wrong is looked for once more.

use std::sync::Arc;

use arrow::csv::reader::Decoder;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;

use crate::FormatError;
use crate::chunks::Chunk;
use crate::csv::dialect::Dialect;
use crate::csv::layout::line_ends;

/// The records of a chunk.
pub(super) struct Records<'a> {
    pub(super) dialect: &'a Dialect,
    /// As many columns as a record has values.
    pub(super) columns: SchemaRef,
    pub(super) chunk: &'a Chunk,
    /// How many lines of the file end before the chunk.
    pub(super) lines: u64,
}

impl Records<'_> {
    /// Returns the error for a row of the chunk.
    pub(super) fn refused(&self, row: usize, reason: &str) -> FormatError {
        self.at(self.start_of(row), reason)
    }

    /// Returns the error for the first record that cannot be parsed.
    pub(super) fn broken(&self, error: &ArrowError) -> FormatError {
        self.at(self.first_broken(), &without_line(&error.to_string()))
    }

    fn at(&self, offset: usize, reason: &str) -> FormatError {
        let before = self.chunk.data.get(..offset).unwrap_or(&self.chunk.data);
        let line = self.lines + line_ends(before) + 1;
        self.chunk.malformed(offset, format!("line {line}: {reason}"))
    }

    /// Returns where a row begins.
    fn start_of(&self, row: usize) -> usize {
        let mut decoder = self.counter(row.max(1));
        let mut offset = self.skip_header(&mut decoder).unwrap_or(0);
        while row > 0 && decoder.capacity() > 0 {
            match self.step(&mut decoder, offset) {
                Some(count @ 1..) => offset += count,
                _ => break,
            }
        }
        self.dialect.record_start(&self.chunk.data, offset)
    }

    /// Returns where the first record begins that cannot be parsed.
    fn first_broken(&self) -> usize {
        let mut decoder = self.counter(1);
        let Some(mut offset) = self.skip_header(&mut decoder) else { return 0 };
        let mut start = offset;
        while let Some(count @ 1..) = self.step(&mut decoder, offset) {
            offset += count;
            // The last record of a file may have no end.
            if decoder.capacity() == 0 {
                if decoder.flush().is_err() {
                    break;
                }
                start = offset;
            }
        }
        self.dialect.record_start(&self.chunk.data, start)
    }

    fn skip_header(&self, decoder: &mut Decoder) -> Option<usize> {
        if self.has_header() { self.step(decoder, 0) } else { Some(0) }
    }

    fn has_header(&self) -> bool {
        self.chunk.is_first && self.dialect.has_header
    }

    /// Returns a parser that only counts records.
    fn counter(&self, batch_size: usize) -> Decoder {
        let reader = self.dialect.reader(Arc::clone(&self.columns), self.has_header());
        reader.with_projection(Vec::new()).with_batch_size(batch_size).build_decoder()
    }

    /// Parses on, and returns how many bytes that took.
    fn step(&self, decoder: &mut Decoder, offset: usize) -> Option<usize> {
        decoder.decode(self.chunk.data.get(offset..)?).ok()
    }
}

/// Returns an error of the parser without its kind, and without its number of the record, which it
/// counts from the beginning of the chunk.
fn without_line(error: &str) -> String {
    let error = error.strip_prefix("Csv error: ").unwrap_or(error);
    let Some((before, after)) = error.split_once(" for line ") else { return error.to_owned() };
    let rest = after.trim_start_matches(|char: char| char.is_ascii_digit());
    match rest.strip_prefix(" and field ") {
        Some(number) => {
            format!("value {number} of the record is not UTF-8; convert the file to UTF-8")
        }
        None => format!("{before}{rest}"),
    }
}
