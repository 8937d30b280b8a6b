//! One file of a result in an object store: it appears when it is complete, or not at all.

use std::sync::Arc;

use arrow::array::RecordBatch;
use bytes::Bytes;
use datafusion::error::DataFusionError;
use futures::{Stream, StreamExt as _};
use object_store::buffered::BufWriter;
use object_store::{ObjectStore, path::Path};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;

use crate::blocking::stream_from_thread;
use crate::encode::Encoder;
use crate::write::compressor::Compressor;
use crate::{Compression, FormatError};

/// How many batches may wait for the encoder, and how many pieces for the store.
const IN_FLIGHT: usize = 2;
/// The size of the parts of an upload.
const PART_BYTES: usize = 8 * 1024 * 1024;
const UPLOADS_AT_A_TIME: usize = 4;
/// Pieces smaller than this wait for more.
const PIECE_BYTES: usize = 1024 * 1024;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WrittenFile {
    /// How many rows the file has.
    pub rows: u64,
    /// How many bytes the file has.
    pub bytes: u64,
}

/// Encodes rows into a file at `path` in bounded memory. Encoding runs on a thread of its own
/// beside the query and the upload. If the query or the encoder fails, or the future is dropped,
/// there is no file.
pub async fn write_file(
    store: &Arc<dyn ObjectStore>,
    path: &Path,
    encoder: Box<dyn Encoder>,
    compression: Compression,
    rows: impl Stream<Item = Result<RecordBatch, DataFusionError>> + Send,
) -> Result<WrittenFile, FormatError> {
    let (sender, receiver) = mpsc::channel(IN_FLIGHT);
    let pieces = stream_from_thread(IN_FLIGHT, move |emit| {
        encode(encoder, Compressor::try_new(compression)?, receiver, emit)
    });
    let feed = async {
        let mut rows = std::pin::pin!(rows);
        let mut count = 0;
        while let Some(batch) = rows.next().await {
            count += batch.as_ref().map_or(0, |batch| batch.num_rows() as u64);
            let is_last = batch.is_err();
            // The encoder hangs up when it fails; its error comes out of the other end.
            if sender.send(Step::Batch(batch)).await.is_err() || is_last {
                return count;
            }
        }
        let _ended = sender.send(Step::End).await;
        count
    };
    let writer = BufWriter::with_capacity(Arc::clone(store), path.clone(), PART_BYTES)
        .with_max_concurrency(UPLOADS_AT_A_TIME);
    let (rows, bytes) = futures::join!(feed, upload(writer, pieces));
    Ok(WrittenFile { rows, bytes: bytes? })
}

/// What the encoder is fed with.
enum Step {
    Batch(Result<RecordBatch, DataFusionError>),
    /// The query is complete; without this the channel closes because it was given up.
    End,
}

fn encode(
    mut encoder: Box<dyn Encoder>,
    mut compressor: Compressor,
    mut steps: mpsc::Receiver<Step>,
    emit: &mut dyn FnMut(Bytes) -> bool,
) -> Result<(), FormatError> {
    let mut out = Vec::new();
    encoder.start(&mut out)?;
    loop {
        match steps.blocking_recv() {
            Some(Step::Batch(batch)) => encoder.write(&batch?, &mut out)?,
            Some(Step::End) => break,
            None => return Err(given_up()),
        }
        if out.len() >= PIECE_BYTES {
            compressor.push(&mut out)?;
            if !emit(Bytes::from(std::mem::take(&mut out))) {
                return Err(given_up());
            }
        }
    }
    encoder.finish(&mut out)?;
    while encoder.rest(&mut out)? {
        compressor.push(&mut out)?;
        if !emit(Bytes::from(std::mem::take(&mut out))) {
            return Err(given_up());
        }
    }
    compressor.push(&mut out)?;
    out.append(&mut compressor.finish()?);
    emit(Bytes::from(out));
    Ok(())
}

fn given_up() -> FormatError {
    FormatError::Io(std::io::Error::other("writing was given up"))
}

/// Uploads the pieces; on an error the upload is taken back.
async fn upload(
    mut writer: BufWriter,
    mut pieces: impl Stream<Item = Result<Bytes, FormatError>> + Unpin,
) -> Result<u64, FormatError> {
    let mut bytes = 0;
    while let Some(piece) = pieces.next().await {
        let stored = match piece {
            Ok(piece) => {
                bytes += piece.len() as u64;
                writer.put(piece).await.map_err(FormatError::from)
            }
            Err(error) => Err(error),
        };
        if let Err(error) = stored {
            if let Err(error) = writer.abort().await {
                tracing::warn!(error = %error, "upload could not be taken back");
            }
            return Err(error);
        }
    }
    writer.shutdown().await?;
    Ok(bytes)
}
