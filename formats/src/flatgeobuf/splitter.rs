//! A file from front to back, cut into chunks of whole features.

use std::io::Read;
use std::sync::Arc;

use super::header::Header;
use crate::FormatError;
use crate::chunks::{Buffer, CHUNK_BYTES, Chunk, ChunkSource};

/// Cuts a file whose header is known.
pub(super) struct FeatureSplitter {
    buffer: Buffer,
    /// How many bytes stand before the next feature.
    before: u64,
    /// How many features there must be yet, if the header says it.
    left: Option<u64>,
}

impl FeatureSplitter {
    pub(super) fn new(reader: Box<dyn Read + Send>, path: Arc<str>, header: &Header) -> Self {
        let before = header.features_start().unwrap_or(u64::MAX);
        Self { buffer: Buffer::new(reader, path), before, left: header.feature_count }
    }

    fn skip_to_features(&mut self) -> Result<(), FormatError> {
        while self.before > 0 {
            if self.buffer.data.is_empty() {
                if self.buffer.at_end {
                    return Err(self.buffer.malformed(0, "the index is cut off"));
                }
                self.buffer.grow()?;
            }
            let count = usize::try_from(self.before).unwrap_or(usize::MAX);
            let count = count.min(self.buffer.data.len());
            self.buffer.skip(count);
            self.before -= count as u64;
        }
        Ok(())
    }

    /// Returns where the whole features in the buffer end, and how many there are.
    fn whole(&self) -> (usize, usize) {
        let (mut end, mut count) = (0, 0);
        while self.left.is_none_or(|left| (count as u64) < left) {
            let rest = self.buffer.data.get(end..).unwrap_or_default();
            let Some(length) = rest.first_chunk().map(|length| u32::from_le_bytes(*length)) else {
                break;
            };
            let next = usize::try_from(length).ok().and_then(|length| end.checked_add(length + 4));
            let Some(next) = next.filter(|next| *next <= self.buffer.data.len()) else { break };
            end = next;
            count += 1;
        }
        (end, count)
    }
}

impl ChunkSource for FeatureSplitter {
    fn next_chunk(&mut self) -> Result<Option<Chunk>, FormatError> {
        self.skip_to_features()?;
        loop {
            if self.left == Some(0) {
                return Ok(None);
            }
            let (end, count) = self.whole();
            let is_enough = end >= CHUNK_BYTES || self.buffer.at_end;
            if count > 0 && (is_enough || self.left == Some(count as u64)) {
                self.left = self.left.map(|left| left - count as u64);
                return Ok(Some(self.buffer.cut(end, count)));
            }
            if self.buffer.at_end {
                return match (self.buffer.data.is_empty(), self.left) {
                    (true, None) => Ok(None),
                    (true, Some(left)) => {
                        let reason = format!("the file ends {left} features too early");
                        Err(self.buffer.malformed(0, reason))
                    }
                    _ => Err(self.buffer.malformed(0, "a feature is cut off")),
                };
            }
            self.buffer.grow()?;
        }
    }
}
