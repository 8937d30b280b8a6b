//! The body of an answer: batches from the engine, encoded and compressed as they come.
//!
//! Nothing leaves before the first chunk is encoded, so that an early failure gets its own status.
//! A later failure breaks the connection off: no reader may take half an answer for a whole one.

use std::io;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use axum::body::Body;
use futures::{StreamExt as _, stream};
use godwit_engine::encode::Encoder;
use godwit_engine::{Code, Error, ResultStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use uuid::Uuid;

use crate::http::problem::Problem;
use crate::http::sql::compression::{Coding, Compressor};
use crate::telemetry::metrics;

/// Batches that wait between the query and the encoder.
const BATCHES_AHEAD: usize = 2;
/// Chunks are gathered up to this size while more batches are ready.
const CHUNK_BYTES: usize = 256 * 1024;
/// How long the first chunk waits for the end of a short result, which then is sent whole, or fails
/// with a status. Nobody who reads the answer to a longer query notices.
const SHORT_RESULT: Duration = Duration::from_millis(100);
/// Batches of fewer values are encoded on the request task.
const SMALL_BATCH: usize = 4096;
/// Answers shorter than this are not worth compressing.
const SMALL_BODY: usize = 1024;

/// Batches on their way to the encoder.
pub(super) struct Source {
    schema: SchemaRef,
    batches: mpsc::Receiver<Item>,
    /// Runs the query; dropping it cancels the query.
    _worker: JoinSet<()>,
}

enum Item {
    Batch(RecordBatch),
    Failed(Error),
    End,
}

impl Source {
    /// Returns the rows of a query, at most `limit` of them.
    pub(super) fn rows(mut rows: ResultStream, limit: Option<u64>) -> Self {
        let schema = rows.schema();
        let (sender, batches) = mpsc::channel(BATCHES_AHEAD);
        let mut worker = JoinSet::new();
        worker.spawn(async move {
            let mut left = limit.unwrap_or(u64::MAX);
            while left > 0 {
                let item = match rows.next().await {
                    Some(Ok(batch)) => {
                        let take = usize::try_from(left).unwrap_or(usize::MAX);
                        let batch = batch.slice(0, batch.num_rows().min(take));
                        left -= batch.num_rows() as u64;
                        Item::Batch(batch)
                    }
                    Some(Err(error)) => Item::Failed(error),
                    None => break,
                };
                let is_last = matches!(item, Item::Failed(_));
                if sender.send(item).await.is_err() || is_last {
                    return;
                }
            }
            rows.finish();
            // Nobody listens any more when this fails.
            let _closed = sender.send(Item::End).await;
        });
        Self { schema, batches, _worker: worker }
    }

    /// Returns one batch that is there already.
    pub(super) fn row(batch: RecordBatch) -> Self {
        let (sender, batches) = mpsc::channel(BATCHES_AHEAD);
        let schema = batch.schema();
        // There is room for both.
        let _sent = sender.try_send(Item::Batch(batch));
        let _sent = sender.try_send(Item::End);
        Self { schema, batches, _worker: JoinSet::new() }
    }

    pub(super) fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.schema)
    }

    async fn next(&mut self) -> Item {
        self.batches.recv().await.unwrap_or_else(stopped)
    }

    /// Returns the next item if it is there already.
    fn ready(&mut self) -> Option<Item> {
        match self.batches.try_recv() {
            Ok(item) => Some(item),
            Err(mpsc::error::TryRecvError::Empty) => None,
            Err(mpsc::error::TryRecvError::Disconnected) => Some(stopped()),
        }
    }
}

/// The worker is gone without a last word: it panicked.
fn stopped() -> Item {
    Item::Failed(Error::new(Code::Internal, "the query task stopped"))
}

/// Turns batches into bytes.
pub(super) struct Writer {
    encoder: Box<dyn Encoder>,
    has_started: bool,
    /// Whether all rows are written, but not all bytes.
    is_ending: bool,
    bytes: u64,
    /// The most bytes an answer may have.
    limit: Option<u64>,
}

impl Writer {
    pub(super) fn new(encoder: Box<dyn Encoder>, limit: Option<u64>) -> Self {
        Self { encoder, has_started: false, is_ending: false, bytes: 0, limit }
    }

    /// Encodes batches, and the end behind them if they are the last. An end that comes in pieces
    /// begins with the next call.
    fn write(&mut self, batches: &[RecordBatch], end: End) -> Chunk {
        let mut bytes = Vec::new();
        let end = match self.try_write(batches, matches!(end, End::Whole), &mut bytes) {
            Ok(()) if self.is_ending => End::NotYet,
            Ok(()) => end,
            Err(error) => End::Failed(error),
        };
        Chunk { bytes, end }
    }

    fn try_write(
        &mut self,
        batches: &[RecordBatch],
        is_last: bool,
        bytes: &mut Vec<u8>,
    ) -> Result<(), Error> {
        if self.is_ending {
            self.is_ending = self.encoder.rest(bytes)?;
            return self.account(bytes.len());
        }
        if !self.has_started {
            self.has_started = true;
            self.encoder.start(bytes)?;
        }
        for batch in batches {
            self.encoder.write(batch, bytes)?;
        }
        if is_last {
            self.encoder.finish(bytes)?;
            self.is_ending = self.encoder.is_spooled();
        }
        self.account(bytes.len())
    }

    fn account(&mut self, bytes: usize) -> Result<(), Error> {
        self.bytes += bytes as u64;
        metrics::response_bytes("http", bytes);
        match self.limit {
            Some(limit) if self.bytes > limit => {
                let message = format!("the answer is larger than {limit} bytes");
                Err(Error::new(Code::LimitExceeded, message)
                    .with_hint("Add LIMIT, select fewer columns, or raise limits.max_http_bytes."))
            }
            _ => Ok(()),
        }
    }
}

fn compression_failed(error: io::Error) -> Error {
    Error::new(Code::Internal, "the answer could not be compressed").with_source(error)
}

/// An answer whose first byte has not been sent.
pub(super) struct Answer {
    pub(super) source: Source,
    /// Away while it encodes on another thread.
    writer: Option<Writer>,
    compressor: Compressor,
    query_id: Uuid,
}

/// What came out of one round of encoding.
struct Chunk {
    bytes: Vec<u8>,
    end: End,
}

/// Whether an answer goes on behind a chunk.
enum End {
    NotYet,
    Whole,
    Failed(Error),
}

impl Answer {
    pub(super) fn new(source: Source, writer: Writer, query_id: Uuid) -> Self {
        let compressor = Compressor::Identity;
        Self { source, writer: Some(writer), compressor, query_id }
    }

    /// Returns the body once its first chunk is encoded, and the coding it got: not all answers
    /// are worth compressing.
    pub(super) async fn into_body(mut self, coding: Coding) -> Result<(Body, Coding), Error> {
        let first = self.encode_next(SHORT_RESULT).await?;
        let is_last = match first.end {
            End::Failed(error) => return Err(error),
            End::Whole => true,
            End::NotYet => false,
        };
        let is_small = is_last && first.bytes.len() < SMALL_BODY;
        let coding = if is_small { Coding::Identity } else { coding };
        self.compressor = Compressor::new(coding).map_err(compression_failed)?;
        let bytes = self.compress(first.bytes, is_last).map_err(compression_failed)?;
        if is_last {
            return Ok((Body::from(bytes), coding));
        }
        let first = stream::iter([Ok(bytes)]);
        let rest = stream::unfold(Some(self), |answer| async move { answer?.next_bytes().await });
        Ok((Body::from_stream(first.chain(rest)), coding))
    }

    /// Returns the bytes to send next, and the answer if it goes on behind them.
    async fn next_bytes(mut self) -> Option<(Result<Vec<u8>, io::Error>, Option<Self>)> {
        let chunk = match self.encode_next(Duration::ZERO).await {
            Ok(chunk) => chunk,
            Err(error) => Chunk { bytes: Vec::new(), end: End::Failed(error) },
        };
        if matches!(chunk.end, End::Failed(_)) {
            // Sends what was written, so that whoever gets half an answer knows the query's id.
            tokio::task::yield_now().await;
        }
        let sent = match chunk.end {
            End::NotYet => self.compress(chunk.bytes, false),
            End::Whole => return Some((self.compress(chunk.bytes, true), None)),
            End::Failed(error) => {
                let ending = self.ending_of(&error, chunk.bytes);
                return Some((ending.and_then(|bytes| self.compress(bytes, true)), None));
            }
        };
        let goes_on = sent.is_ok();
        Some((sent, goes_on.then_some(self)))
    }

    fn compress(&mut self, chunk: Vec<u8>, is_last: bool) -> io::Result<Vec<u8>> {
        let mut bytes = self.compressor.compress(chunk)?;
        if is_last {
            bytes.append(&mut self.compressor.finish()?);
        }
        Ok(bytes)
    }

    /// Encodes what is ready, at least one batch. Short results get `patience` to end.
    async fn encode_next(&mut self, patience: Duration) -> Result<Chunk, Error> {
        if self.writer.as_ref().is_some_and(|writer| writer.is_ending) {
            return self.encode(Vec::new(), End::Whole).await;
        }
        let mut batches = Vec::new();
        let mut bytes = 0;
        let mut end = End::NotYet;
        let mut item = Some(self.source.next().await);
        let time_is_up = Instant::now() + patience;
        while let Some(next) = item.take() {
            match next {
                Item::Failed(error) => end = End::Failed(error),
                Item::End => end = End::Whole,
                Item::Batch(batch) => {
                    bytes += batch.get_array_memory_size();
                    batches.push(batch);
                }
            }
            if !matches!(end, End::NotYet) || bytes > CHUNK_BYTES {
                break;
            }
            item = self.source.ready();
            if item.is_none() && !patience.is_zero() {
                // Receiving is cancel safe: nothing is lost when time is up.
                item = tokio::time::timeout_at(time_is_up, self.source.next()).await.ok();
            }
        }
        self.encode(batches, end).await
    }

    /// Encodes off the request task, unless that would cost more than the encoding.
    async fn encode(&mut self, batches: Vec<RecordBatch>, end: End) -> Result<Chunk, Error> {
        let stopped = || Error::new(Code::Internal, "the encoder stopped");
        let mut writer = self.writer.take().ok_or_else(stopped)?;
        let values: usize =
            batches.iter().map(|batch| batch.num_rows() * batch.num_columns()).sum();
        if values < SMALL_BATCH && !writer.is_ending {
            let chunk = writer.write(&batches, end);
            self.writer = Some(writer);
            return Ok(chunk);
        }
        let mut encoding = JoinSet::new();
        encoding.spawn_blocking(move || {
            let chunk = writer.write(&batches, end);
            (writer, chunk)
        });
        match encoding.join_next().await {
            Some(Ok((writer, chunk))) => {
                self.writer = Some(writer);
                Ok(chunk)
            }
            Some(Err(_)) | None => Err(stopped()),
        }
    }

    /// Returns the last bytes of an answer that fails midway, if its format can say so.
    fn ending_of(&mut self, error: &Error, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let problem = Problem::of_statement(error, Some(self.query_id));
        let problem = serde_json::to_value(&problem)?;
        let writer = self.writer.as_mut();
        if writer.is_some_and(|writer| writer.encoder.fail(&problem, &mut bytes)) {
            return Ok(bytes);
        }
        Err(io::Error::other(error.message.clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Int64Array;
    use arrow::datatypes::{DataType, Field, Schema};
    use futures::{TryStreamExt as _, pin_mut, poll};
    use godwit_engine::encode::{EncodeOptions, Encoding, encoder};

    use super::*;

    /// Returns an answer, and where its rows come from.
    fn answer() -> (Answer, mpsc::Sender<Item>) {
        let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, false)]));
        let encoder = encoder(Encoding::Arrow, &schema, &EncodeOptions::default()).unwrap();
        let (sender, batches) = mpsc::channel(BATCHES_AHEAD);
        let source = Source { schema, batches, _worker: JoinSet::new() };
        (Answer::new(source, Writer::new(encoder, None), Uuid::nil()), sender)
    }

    fn rows() -> Item {
        let numbers = Arc::new(Int64Array::from(vec![1, 2, 3]));
        Item::Batch(RecordBatch::try_from_iter([("n", numbers as _)]).unwrap())
    }

    fn failure() -> Item {
        Item::Failed(Error::new(Code::DivisionByZero, "division by zero"))
    }

    #[tokio::test]
    async fn a_failure_soon_behind_rows_gets_its_status() {
        let (answer, sender) = answer();
        let soon = async move {
            sender.send(rows()).await.ok();
            tokio::time::sleep(Duration::from_millis(10)).await;
            sender.send(failure()).await.ok();
        };
        let (body, ()) = tokio::join!(answer.into_body(Coding::Identity), soon);
        let failed = body.err();
        assert_eq!(failed.map(|error| error.code), Some(Code::DivisionByZero));
    }

    #[tokio::test]
    async fn what_was_written_is_sent_before_the_connection_breaks_off() {
        let (answer, sender) = answer();
        sender.send(rows()).await.ok();
        let (body, _) = answer.into_body(Coding::Identity).await.unwrap();
        sender.send(failure()).await.ok();
        let body = body.into_data_stream();
        pin_mut!(body);
        assert!(body.try_next().await.unwrap().is_some());
        assert!(poll!(body.try_next()).is_pending(), "the server sends while it waits");
        assert!(body.try_next().await.is_err());
    }
}
