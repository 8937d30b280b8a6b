//! The bytes of a file that have been read but not handed on.

use std::io::{ErrorKind, Read};
use std::sync::Arc;

use crate::FormatError;
use crate::chunks::{CHUNK_BYTES, Chunk, MAX_RECORD_BYTES};

/// The part of a file that is being cut.
pub(crate) struct Buffer {
    reader: Box<dyn Read + Send>,
    path: Arc<str>,
    pub(crate) data: Vec<u8>,
    /// Where the data begins in the file.
    base: u64,
    /// Whether the data reaches to the end of the file.
    pub(crate) at_end: bool,
    is_first: bool,
}

impl Buffer {
    pub(crate) fn new(reader: Box<dyn Read + Send>, path: Arc<str>) -> Self {
        Self { reader, path, data: Vec::new(), base: 0, at_end: false, is_first: true }
    }

    /// Reads on: a chunk, or as much again as there is of a long record.
    pub(crate) fn grow(&mut self) -> Result<(), FormatError> {
        if self.data.len() >= MAX_RECORD_BYTES {
            return Err(self.malformed(0, "one record is longer than 256 MiB"));
        }
        let count = self.data.len().max(CHUNK_BYTES);
        self.data.reserve(count);
        match (&mut self.reader).take(count as u64).read_to_end(&mut self.data) {
            Ok(read) => {
                self.at_end = read < count;
                Ok(())
            }
            Err(error) => Err(self.unreadable(error)),
        }
    }

    /// Hands out the data up to `end`.
    pub(crate) fn cut(&mut self, end: usize, records: usize) -> Chunk {
        let rest = self.data.split_off(end.min(self.data.len()));
        let data = std::mem::replace(&mut self.data, rest);
        let offset = self.base;
        self.base += data.len() as u64;
        let is_first = std::mem::replace(&mut self.is_first, false);
        Chunk { data, offset, records, is_first, crs: None, path: Arc::clone(&self.path) }
    }

    /// Forgets the first bytes.
    pub(crate) fn skip(&mut self, count: usize) {
        self.data.drain(..count.min(self.data.len()));
        self.base += count as u64;
    }

    /// Returns the error for something wrong at an offset in the data.
    pub(crate) fn malformed(&self, offset: usize, reason: impl Into<String>) -> FormatError {
        FormatError::Malformed {
            path: self.path.to_string(),
            offset: self.base + offset as u64,
            reason: reason.into(),
        }
    }

    /// Tells broken content from broken hardware.
    fn unreadable(&self, error: std::io::Error) -> FormatError {
        let is_content = matches!(
            error.kind(),
            ErrorKind::InvalidData
                | ErrorKind::InvalidInput
                | ErrorKind::UnexpectedEof
                | ErrorKind::Other
        );
        // The errors of an object store are wrapped, those of a decompressor are not.
        let is_store = matches!(error.get_ref(), Some(inner) if inner.is::<object_store::Error>());
        if is_content && !is_store {
            return self.malformed(self.data.len(), format!("cannot decompress: {error}"));
        }
        FormatError::Io(error)
    }
}
