//! A file from front to back, cut into its blobs of data.

use std::io::Read;
use std::sync::Arc;

use super::blob::{BlobHeader, LONGEST_HEADER, content, missing_feature};
use crate::FormatError;
use crate::chunks::{Buffer, Chunk, ChunkSource};

/// Cuts a file.
pub(super) struct BlobSplitter {
    buffer: Buffer,
    has_header: bool,
}

impl BlobSplitter {
    pub(super) fn new(reader: Box<dyn Read + Send>, path: Arc<str>) -> Self {
        Self { buffer: Buffer::new(reader, path), has_header: false }
    }

    /// Reads on until there are so many bytes; false at the end of the file.
    fn fill(&mut self, length: usize) -> Result<bool, FormatError> {
        while self.buffer.data.len() < length {
            if self.buffer.at_end {
                if self.buffer.data.is_empty() {
                    return Ok(false);
                }
                return Err(self.buffer.malformed(0, "a blob is cut off"));
            }
            self.buffer.grow()?;
        }
        Ok(true)
    }

    /// Takes the header of the next blob; returns whether the blob has data, and how long it is.
    fn header(&mut self) -> Result<Option<(bool, usize)>, FormatError> {
        if !self.fill(4)? {
            return Ok(None);
        }
        let length = self.buffer.data.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > LONGEST_HEADER {
            return Err(self.buffer.malformed(0, "this is no OSM PBF file"));
        }
        self.fill(4 + length)?;
        let bytes = self.buffer.data.get(4..4 + length).unwrap_or_default();
        let malformed = |reason| self.buffer.malformed(4, reason);
        let header = BlobHeader::parse(bytes).map_err(malformed)?;
        let (is_data, is_header) = (header.kind == b"OSMData", header.kind == b"OSMHeader");
        if !self.has_header && !is_header {
            return Err(self.buffer.malformed(4, "this is no OSM PBF file"));
        }
        let size = header.length;
        self.buffer.skip(4 + length);
        if self.buffer.data.len() < size && !self.fill(size)? {
            return Err(self.buffer.malformed(0, "a blob is cut off"));
        }
        if is_header {
            self.check(size)?;
            self.has_header = true;
        }
        Ok(Some((is_data, size)))
    }

    /// Checks the header of the file, which is the blob that is next.
    fn check(&self, size: usize) -> Result<(), FormatError> {
        let blob = self.buffer.data.get(..size).unwrap_or_default();
        let missing = content(blob).and_then(|content| missing_feature(&content));
        match missing.map_err(|reason| self.buffer.malformed(0, reason))? {
            None => Ok(()),
            Some(feature) => Err(FormatError::Unsupported {
                reason: format!("the file needs \"{feature}\" to be read, which is not supported"),
            }),
        }
    }
}

impl ChunkSource for BlobSplitter {
    fn next_chunk(&mut self) -> Result<Option<Chunk>, FormatError> {
        while let Some((is_data, size)) = self.header()? {
            if is_data {
                return Ok(Some(self.buffer.cut(size, 0)));
            }
            self.buffer.skip(size);
        }
        if self.has_header {
            return Ok(None);
        }
        Err(self.buffer.malformed(0, "this is no OSM PBF file"))
    }
}
