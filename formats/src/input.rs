//! Objects of a store as blocking readers, for parsers that run on blocking threads.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::{Buf as _, Bytes};
use datafusion::common::runtime::SpawnedTask;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use object_store::{GetOptions, GetResultPayload, ObjectStore, ObjectStoreExt as _, path::Path};
use tokio::sync::mpsc;

use crate::{Compression, FormatError};

/// How many pieces of a remote object may wait between the network and the parser.
const PIECES_IN_FLIGHT: usize = 16;

/// An object that is open.
pub(crate) struct Input {
    /// Its bytes as they are stored.
    pub(crate) raw: Box<dyn Read + Send>,
    /// The path of a local file, the key of a remote object.
    pub(crate) path: Arc<str>,
}

/// Opens an object; local files are read directly, remote ones are streamed.
pub(crate) async fn open(
    store: &Arc<dyn ObjectStore>,
    location: &Path,
) -> Result<Input, FormatError> {
    let result = store.get(location).await?;
    Ok(match result.payload {
        GetResultPayload::File(file, path) => {
            Input { raw: Box::new(file), path: path.to_string_lossy().into() }
        }
        GetResultPayload::Stream(stream) => {
            Input { raw: Box::new(StreamedObject::new(stream)), path: location.as_ref().into() }
        }
    })
}

impl Input {
    /// Returns the decompressed bytes: a given compression is believed, otherwise the signature
    /// decides. Reads some of them, so it belongs on a blocking thread.
    pub(crate) fn decompress(
        self,
        compression: Option<Compression>,
    ) -> Result<Box<dyn Read + Send>, FormatError> {
        match compression {
            Some(compression) => compression.reader(self.raw),
            None => Compression::sniffing_reader(self.raw),
        }
    }
}

/// Returns what errors call an object: the path of a local file, the key of a remote one.
pub(crate) async fn shown_path(store: &Arc<dyn ObjectStore>, location: &Path) -> String {
    let options = GetOptions { head: true, ..GetOptions::default() };
    match store.get_opts(location, options).await.map(|result| result.payload) {
        Ok(GetResultPayload::File(_, path)) => path.to_string_lossy().into_owned(),
        _ => location.to_string(),
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
