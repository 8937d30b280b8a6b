//! Objects of a store as blocking readers, for parsers that run on blocking threads.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::{Buf as _, Bytes};
use datafusion::common::runtime::SpawnedTask;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt as _, path::Path};
use tokio::sync::mpsc;

use crate::{Compression, FormatError};

/// How many pieces of a remote object may wait between the network and the parser.
const PIECES_IN_FLIGHT: usize = 16;

/// Opens an object; local files are read directly, remote ones are streamed.
pub(crate) async fn open(
    store: &Arc<dyn ObjectStore>,
    location: &Path,
) -> Result<Box<dyn Read + Send>, FormatError> {
    let result = store.get(location).await?;
    Ok(match result.payload {
        GetResultPayload::File(file, _) => Box::new(file),
        GetResultPayload::Stream(stream) => Box::new(StreamedObject::new(stream)),
    })
}

/// Wraps a raw reader: a given compression is believed, otherwise the signature decides.
/// Reads from `raw`, so it belongs on a blocking thread.
pub(crate) fn decompress(
    raw: Box<dyn Read + Send>,
    compression: Option<Compression>,
) -> Result<Box<dyn Read + Send>, FormatError> {
    match compression {
        Some(compression) => compression.reader(raw),
        None => Compression::sniffing_reader(raw),
    }
}

/// A remote object, pumped from its asynchronous stream into a blocking reader.
struct StreamedObject {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    current: Bytes,
    /// Stops the download when the reader is dropped.
    _pump: SpawnedTask<()>,
}

impl StreamedObject {
    fn new(mut stream: BoxStream<'static, object_store::Result<Bytes>>) -> Self {
        let (sender, pieces) = mpsc::channel(PIECES_IN_FLIGHT);
        let pump = SpawnedTask::spawn(async move {
            while let Some(piece) = stream.next().await {
                if sender.send(piece.map_err(io::Error::from)).await.is_err() {
                    return;
                }
            }
        });
        Self { pieces, current: Bytes::new(), _pump: pump }
    }
}

impl Read for StreamedObject {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.current = piece?,
                None => return Ok(0),
            }
        }
        let count = buffer.len().min(self.current.len());
        let Some(target) = buffer.get_mut(..count) else { return Ok(0) };
        self.current.copy_to_slice(target);
        Ok(count)
    }
}
