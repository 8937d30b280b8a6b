//! The chunks of a file as a stream, and work on them in parallel.

use std::io::Read;
use std::sync::Arc;

use datafusion::common::runtime::SpawnedTask;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt as _};
use object_store::{ObjectStore, path::Path};

use crate::blocking::stream_from_thread;
use crate::chunks::{Chunk, ChunkSource};
use crate::{Compression, FormatError, input};

/// How many chunks may wait between the cutter and the workers.
const CHUNKS_IN_FLIGHT: usize = 2;

/// Work on one chunk.
pub(crate) type Task<T> = Arc<dyn Fn(&Chunk) -> Result<T, FormatError> + Send + Sync>;

/// Returns the chunks of a file in their order. They are cut on a thread of their own by what
/// `cutter` makes of the decompressed bytes and the path.
pub(crate) async fn chunks<C: ChunkSource>(
    store: &Arc<dyn ObjectStore>,
    location: &Path,
    compression: Option<Compression>,
    cutter: impl FnOnce(Box<dyn Read + Send>, Arc<str>) -> C + Send + 'static,
) -> Result<BoxStream<'static, Result<Chunk, FormatError>>, FormatError> {
    let input = input::open(store, location).await?;
    let path = Arc::clone(&input.path);
    Ok(stream_from_thread(CHUNKS_IN_FLIGHT, move |emit| {
        let reader = input.decompress(compression)?;
        let mut source = cutter(reader, path);
        while let Some(chunk) = source.next_chunk()? {
            if !emit(chunk) {
                break;
            }
        }
        Ok(())
    }))
}

/// Runs `work` on every chunk, `width` of them at a time, and keeps their order.
pub(super) fn in_parallel<T: Send + 'static>(
    chunks: BoxStream<'static, Result<Chunk, FormatError>>,
    width: usize,
    work: Task<T>,
) -> impl Stream<Item = Result<T, FormatError>> + Send {
    let tasks = chunks.map(move |chunk| {
        let work = Arc::clone(&work);
        SpawnedTask::spawn(async move { work(&chunk?) })
    });
    tasks.buffered(width.max(1)).map(|joined| match joined {
        Ok(result) => result,
        Err(error) => Err(FormatError::Io(std::io::Error::other(error))),
    })
}

/// Folds the results of `work` over all chunks of a file, in their order, until `fold` returns
/// false.
pub(crate) async fn fold_chunks<T: Send + 'static>(
    chunks: BoxStream<'static, Result<Chunk, FormatError>>,
    width: usize,
    work: Task<T>,
    mut fold: impl FnMut(T) -> bool,
) -> Result<(), FormatError> {
    let mut results = std::pin::pin!(in_parallel(chunks, width, work));
    while let Some(result) = results.next().await {
        if !fold(result?) {
            break;
        }
    }
    Ok(())
}
