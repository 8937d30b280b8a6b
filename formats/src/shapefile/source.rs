//! The bytes of a `.shp` file: from front to back, or by the places of its records.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, Write as _};
use std::sync::Arc;

use datafusion::common::runtime::SpawnedTask;
use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt as _};

use super::places::Places;
use super::siblings;
use crate::{FormatError, input};

const READ_BUFFER_BYTES: usize = 1024 * 1024;

/// A file, buffered.
pub(super) type Stream = BufReader<Box<dyn Read + Send>>;

/// Buffers a file.
pub(super) fn buffered(file: Box<dyn Read + Send>) -> Stream {
    BufReader::with_capacity(READ_BUFFER_BYTES, file)
}

/// The bytes of an open `.shp` file.
pub(super) enum Source {
    /// Records follow each other.
    Stream(Stream),
    /// Records are where another file says.
    Placed(BufReader<File>, Places<Stream>),
}

impl Source {
    /// Opens a file, by places if there are some and they are not those of a stream.
    pub(super) async fn open(
        store: &Arc<dyn ObjectStore>,
        location: &Path,
    ) -> Result<(Self, Arc<str>), FormatError> {
        if let Some(places) = changed_places(store, location).await? {
            let (file, path) = local(store, location).await?;
            let file = BufReader::with_capacity(READ_BUFFER_BYTES, file);
            return Ok((Self::Placed(file, places), path));
        }
        Self::stream(store, location).await
    }

    /// Opens a file from front to back.
    pub(super) async fn stream(
        store: &Arc<dyn ObjectStore>,
        location: &Path,
    ) -> Result<(Self, Arc<str>), FormatError> {
        let input = input::open(store, location).await?;
        Ok((Self::Stream(buffered(input.raw)), input.path))
    }

    /// Goes to where the next record begins, and returns where that is; nothing behind the last.
    pub(super) fn next_record(&mut self, position: u64) -> io::Result<Option<u64>> {
        let (file, places) = match self {
            Self::Stream(_) => return Ok(Some(position)),
            Self::Placed(file, places) => (file, places),
        };
        let Some((offset, _)) = places.next()? else { return Ok(None) };
        // Both are below 16 GiB.
        file.seek_relative(offset.cast_signed() - position.cast_signed())?;
        Ok(Some(offset))
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stream(file) => file.read(buffer),
            Self::Placed(file, _) => file.read(buffer),
        }
    }
}

/// Returns the places of records, if there is a `.shx` file that says more than their order.
async fn changed_places(
    store: &Arc<dyn ObjectStore>,
    location: &Path,
) -> Result<Option<Places<Stream>>, FormatError> {
    let Some(file) = siblings::places(store, location).await? else { return Ok(None) };
    let look = move || match Places::open(buffered(file))? {
        Some(places) => places.are_in_order(),
        None => Ok(true),
    };
    let are_in_order = SpawnedTask::spawn_blocking(look).await.map_err(io::Error::other)??;
    if are_in_order {
        return Ok(None);
    }
    let Some(file) = siblings::places(store, location).await? else { return Ok(None) };
    let open = move || Places::open(buffered(file));
    Ok(SpawnedTask::spawn_blocking(open).await.map_err(io::Error::other)??)
}

/// Returns a file on the local disk, or a copy of a remote one that goes with it.
async fn local(
    store: &Arc<dyn ObjectStore>,
    location: &Path,
) -> Result<(File, Arc<str>), FormatError> {
    let mut stream = match store.get(location).await?.payload {
        GetResultPayload::File(file, path) => {
            return Ok((file, path.to_string_lossy().into()));
        }
        GetResultPayload::Stream(stream) => stream,
    };
    let mut copy = tempfile::tempfile()?;
    while let Some(bytes) = stream.try_next().await? {
        copy.write_all(&bytes)?;
    }
    copy.rewind()?;
    Ok((copy, location.as_ref().into()))
}
