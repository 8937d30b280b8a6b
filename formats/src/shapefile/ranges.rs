//! A file of a store that is read at any place, piece by piece.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};
use tokio::runtime::Handle;

/// Reads pieces of a file as they are asked for; belongs on a blocking thread.
pub(super) struct Ranges {
    store: Arc<dyn ObjectStore>,
    location: Path,
    size: u64,
    position: u64,
    runtime: Handle,
}

impl Ranges {
    /// Returns the beginning of a file. Pieces are fetched by the runtime of the task that asks
    /// for it.
    pub(super) fn new(store: &Arc<dyn ObjectStore>, object: &ObjectMeta) -> Self {
        Self {
            store: Arc::clone(store),
            location: object.location.clone(),
            size: object.size,
            position: 0,
            runtime: Handle::current(),
        }
    }
}

impl Read for Ranges {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.size.saturating_sub(self.position);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        if count == 0 {
            return Ok(0);
        }
        let end = self.position + count as u64;
        let range = self.store.get_range(&self.location, self.position..end);
        let bytes = self.runtime.block_on(range)?;
        let count = bytes.len().min(buffer.len());
        if let (Some(target), Some(source)) = (buffer.get_mut(..count), bytes.get(..count)) {
            target.copy_from_slice(source);
        }
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Ranges {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(distance) => self.size.checked_add_signed(distance),
            SeekFrom::Current(distance) => self.position.checked_add_signed(distance),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
