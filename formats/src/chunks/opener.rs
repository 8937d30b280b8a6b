//! Files of chunks as streams of batches.

use std::io::Read;
use std::sync::Arc;

use arrow::array::RecordBatch;
use datafusion::common::Result;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileOpenFuture, FileOpener};
use datafusion::error::DataFusionError;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::ObjectStore;

use crate::chunks::stream::in_parallel;
use crate::chunks::{Chunk, ChunkSource, chunks};
use crate::{Compression, FormatError};

/// Turns one chunk into batches.
pub(crate) trait ChunkDecoder: Send + Sync {
    fn decode(&self, chunk: &Chunk) -> Result<Vec<RecordBatch>, FormatError>;
}

/// Opens files, has them cut by `cutter` and decodes their chunks in parallel, in order.
pub(crate) struct ChunkOpener<F> {
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) compression: Option<Compression>,
    pub(crate) cutter: F,
    pub(crate) decoder: Arc<dyn ChunkDecoder>,
    pub(crate) width: usize,
}

impl<C, F> FileOpener for ChunkOpener<F>
where
    C: ChunkSource + 'static,
    F: Fn(Box<dyn Read + Send>, Arc<str>) -> C + Clone + Send + Sync + Unpin + 'static,
{
    fn open(&self, file: PartitionedFile) -> Result<FileOpenFuture> {
        let store = Arc::clone(&self.store);
        let (cutter, compression, width) = (self.cutter.clone(), self.compression, self.width);
        let decoder = Arc::clone(&self.decoder);
        Ok(Box::pin(async move {
            let location = &file.object_meta.location;
            let chunks = chunks(&store, location, compression, cutter).await?;
            Ok(decoded(chunks, width, decoder))
        }))
    }
}

/// Returns what a decoder makes of chunks, `width` of them at a time, in their order.
pub(crate) fn decoded(
    chunks: BoxStream<'static, Result<Chunk, FormatError>>,
    width: usize,
    decoder: Arc<dyn ChunkDecoder>,
) -> BoxStream<'static, Result<RecordBatch>> {
    let decode = move |chunk: &Chunk| decoder.decode(chunk);
    in_parallel(chunks, width, Arc::new(decode))
        .map_err(DataFusionError::from)
        .map_ok(|batches| futures::stream::iter(batches.into_iter().map(Ok)))
        .try_flatten()
        .boxed()
}
