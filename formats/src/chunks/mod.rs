//! Files cut into chunks of whole records: cut on one thread, worked on in parallel, in order.

mod buffer;
mod opener;
mod stream;

use std::sync::Arc;

use crate::FormatError;

pub(crate) use buffer::Buffer;
pub(crate) use opener::{ChunkDecoder, ChunkOpener, decoded};
pub(crate) use stream::{chunks, fold_chunks};

/// How many bytes are read before complete records are handed on.
pub(crate) const CHUNK_BYTES: usize = 1024 * 1024;
/// The largest single record.
pub(crate) const MAX_RECORD_BYTES: usize = 256 * 1024 * 1024;

/// Some whole records.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) data: Vec<u8>,
    /// Where the data begins in the decompressed file.
    pub(crate) offset: u64,
    /// How many records there are, if the cutter counts them.
    pub(crate) records: usize,
    /// Whether this is the first chunk of its file.
    pub(crate) is_first: bool,
    /// The text of a collection's `crs` member, if it stands before or after these records.
    pub(crate) crs: Option<Vec<u8>>,
    pub(crate) path: Arc<str>,
}

impl Chunk {
    /// Returns the error for something wrong in this chunk.
    pub(crate) fn malformed(&self, offset: usize, reason: impl Into<String>) -> FormatError {
        FormatError::Malformed {
            path: self.path.to_string(),
            offset: self.offset + offset as u64,
            reason: reason.into(),
        }
    }
}

/// Cuts one file.
pub(crate) trait ChunkSource {
    /// Returns the next chunk, or `None` at the end of a complete file.
    fn next_chunk(&mut self) -> Result<Option<Chunk>, FormatError>;
}
