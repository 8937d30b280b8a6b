//! One file of a result while it is being written.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use datafusion::common::runtime::SpawnedTask;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use futures::{FutureExt as _, StreamExt as _};
use godwit_formats::FormatError;
use godwit_formats::encode::{Encoder, encoder};
use object_store::ObjectStore;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;

use super::Recipe;
use super::compress::Compressor;
use crate::location::Location;
use crate::{CatalogError, Written};

/// The size of the parts in which a file goes to its store.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// How many parts are under way at a time.
const UPLOADS: usize = 4;
/// How many batches wait for the encoder.
const BATCHES_AHEAD: usize = 4;

/// A file that takes rows.
pub(super) struct NewFile {
    location: String,
    /// Away while it works on another thread.
    encoder: Option<Box<dyn Encoder>>,
    compressor: Compressor,
    upload: BufWriter,
    is_started: bool,
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

impl NewFile {
    /// Returns a new file at a path of a store.
    pub(super) fn try_new(
        store: Arc<dyn ObjectStore>,
        path: Path,
        location: &Location,
        recipe: &Recipe,
        schema: &SchemaRef,
    ) -> Result<Self, CatalogError> {
        let upload = BufWriter::with_capacity(store, path, PART_BYTES);
        Ok(Self {
            location: location.text.clone(),
            encoder: Some(encoder(recipe.encoding, schema, &recipe.options)?),
            compressor: Compressor::try_new(recipe.compression).map_err(FormatError::from)?,
            upload: upload.with_max_concurrency(UPLOADS),
            is_started: false,
            rows: 0,
            bytes: 0,
        })
    }

    /// Adds rows.
    pub(super) async fn write(&mut self, batch: &RecordBatch) -> Result<(), CatalogError> {
        let mut bytes = Vec::new();
        self.start(&mut bytes)?;
        self.encoder()?.write(batch, &mut bytes)?;
        self.rows += batch.num_rows() as u64;
        self.put(bytes).await
    }

    /// Completes the file.
    pub(super) async fn finish(mut self) -> Result<Written, CatalogError> {
        let completed = self.complete().await;
        if let Err(error) = completed {
            self.abort().await;
            return Err(error);
        }
        Ok(Written { rows: self.rows, bytes: self.bytes, files: 1, version: None })
    }

    /// Gives the file up.
    pub(super) async fn abort(mut self) {
        // The buffer panics when its upload is already being completed.
        let abort = std::panic::AssertUnwindSafe(self.upload.abort()).catch_unwind();
        if !matches!(abort.await, Ok(Ok(()))) {
            tracing::debug!(location = self.location, "upload of a file not aborted");
        }
    }

    async fn complete(&mut self) -> Result<(), CatalogError> {
        let mut bytes = Vec::new();
        self.start(&mut bytes)?;
        self.encoder()?.finish(&mut bytes)?;
        self.put(bytes).await?;
        while let Some(bytes) = self.rest().await? {
            self.put(bytes).await?;
        }
        let compressor = std::mem::replace(&mut self.compressor, Compressor::None);
        let rest = compressor.finish().map_err(FormatError::from)?;
        self.put(rest).await?;
        self.upload.shutdown().await.map_err(|error| match error.downcast() {
            Ok(error) => CatalogError::storage(&self.location, error),
            Err(error) => CatalogError::io(&self.location, error),
        })
    }

    fn start(&mut self, bytes: &mut Vec<u8>) -> Result<(), CatalogError> {
        if !self.is_started {
            self.encoder()?.start(bytes)?;
            self.is_started = true;
        }
        Ok(())
    }

    fn encoder(&mut self) -> Result<&mut Box<dyn Encoder>, CatalogError> {
        self.encoder.as_mut().ok_or(CatalogError::TaskLost)
    }

    /// Returns the next piece of what is known last. Putting rows in order takes its time, so that
    /// it is done on a thread of its own.
    async fn rest(&mut self) -> Result<Option<Vec<u8>>, CatalogError> {
        let mut encoder = self.encoder.take().ok_or(CatalogError::TaskLost)?;
        let piece = SpawnedTask::spawn_blocking(move || {
            let mut bytes = Vec::new();
            let goes_on = encoder.rest(&mut bytes);
            (encoder, goes_on.map(|goes_on| (goes_on || !bytes.is_empty()).then_some(bytes)))
        });
        let (encoder, piece) = piece.await.map_err(|_lost| CatalogError::TaskLost)?;
        self.encoder = Some(encoder);
        Ok(piece?)
    }

    async fn put(&mut self, bytes: Vec<u8>) -> Result<(), CatalogError> {
        let bytes = self.compressor.push(bytes).map_err(FormatError::from)?;
        if bytes.is_empty() {
            return Ok(());
        }
        self.bytes += bytes.len() as u64;
        let put = self.upload.put(Bytes::from(bytes)).await;
        put.map_err(|error| CatalogError::storage(&self.location, error))
    }
}

/// Writes the rows of all streams to a file, those of one stream in their order.
pub(super) async fn write_file(
    file: NewFile,
    streams: Vec<SendableRecordBatchStream>,
) -> Result<Written, CatalogError> {
    let (sender, mut receiver) = mpsc::channel(BATCHES_AHEAD);
    let sources: Vec<SpawnedTask<()>> = streams
        .into_iter()
        .map(|stream| SpawnedTask::spawn(forward(stream, sender.clone())))
        .collect();
    drop(sender);
    let encoding = SpawnedTask::spawn(async move {
        let mut file = file;
        while let Some(batch) = receiver.recv().await {
            let written = match batch {
                Ok(batch) => file.write(&batch).await,
                Err(error) => Err(CatalogError::query(error)),
            };
            if let Err(error) = written {
                file.abort().await;
                return Err(error);
            }
        }
        file.finish().await
    });
    let written = encoding.await.unwrap_or(Err(CatalogError::TaskLost));
    for source in sources {
        // A source that was lost, not ended, has not delivered all its rows.
        if source.await.is_err() && written.is_ok() {
            return Err(CatalogError::TaskLost);
        }
    }
    written
}

async fn forward(
    mut stream: SendableRecordBatchStream,
    sender: mpsc::Sender<Result<RecordBatch, DataFusionError>>,
) {
    while let Some(batch) = stream.next().await {
        let is_last = batch.is_err();
        if sender.send(batch).await.is_err() || is_last {
            return;
        }
    }
}
