//! The rows of a `DoPut` stream.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow_flight::FlightData;
use arrow_flight::decode::{DecodedPayload, FlightDataDecoder};
use arrow_flight::error::FlightError;
use futures::stream::{self, BoxStream};
use futures::{FutureExt as _, Stream, StreamExt as _, TryStreamExt as _};
use godwit_engine::{Code, Error};
use tonic::Status;

use super::{extent, inflation};

/// The most rows that one message may bring: columns of nulls, and rows without columns, take no
/// bytes to send however many they are.
const MAX_ROWS: usize = 1 << 31;
/// How many rows are handed on at once, so that what they become is in proportion.
const ROWS_AT_ONCE: usize = 1 << 17;

/// The rows of a `DoPut` stream as they arrive.
#[derive(Debug)]
pub(super) struct Upload {
    decoder: Pin<Box<FlightDataDecoder>>,
    /// A batch that came before anybody asked for one.
    first: Option<RecordBatch>,
}

impl Upload {
    /// Reads up to the schema; nothing when the stream brings none.
    pub(super) async fn begin<S>(messages: S) -> Result<Option<(SchemaRef, Self)>, Error>
    where
        S: Stream<Item = Result<FlightData, Status>> + Send + 'static,
    {
        // A first message may carry a descriptor and nothing else.
        let messages = messages.filter_map(|message| async move {
            match message {
                Ok(data) if data.data_header.is_empty() => None,
                Ok(data) => {
                    Some(match extent::check(&data).and_then(|()| inflation::check(&data)) {
                        Ok(()) => Ok(data),
                        Err(error) => Err(FlightError::ExternalError(Box::new(error))),
                    })
                }
                Err(status) => Some(Err(FlightError::from(status))),
            }
        });
        let mut upload = Self { decoder: Box::pin(FlightDataDecoder::new(messages)), first: None };
        loop {
            let payload = upload.payload().await?;
            if let Some(schema) = upload.decoder.schema() {
                let schema = SchemaRef::clone(schema);
                if let Some(DecodedPayload::RecordBatch(batch)) = payload {
                    upload.first = Some(batch);
                }
                return Ok(Some((schema, upload)));
            }
            if payload.is_none() {
                return Ok(None);
            }
        }
    }

    /// Returns the next batch.
    pub(super) async fn next(&mut self) -> Result<Option<RecordBatch>, Error> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        loop {
            match self.payload().await? {
                Some(DecodedPayload::RecordBatch(batch)) => return Ok(Some(batch)),
                Some(_) => {}
                None => return Ok(None),
            }
        }
    }

    /// Returns the rows as the engine reads them, in batches of bounded length; the first error
    /// ends them.
    pub(super) fn rows(self) -> BoxStream<'static, Result<RecordBatch, Error>> {
        let batches = stream::unfold(Some(self), |upload| async {
            let mut upload = upload?;
            match upload.next().await {
                Ok(batch) => Some((Ok(batch?), Some(upload))),
                Err(error) => Some((Err(error), None)),
            }
        });
        batches
            .map_ok(|batch| stream::iter(pieces(batch).map(Ok::<_, Error>)))
            .try_flatten()
            .boxed()
    }

    async fn payload(&mut self) -> Result<Option<DecodedPayload>, Error> {
        // The decoder panics at schemas and null buffers that are wrong.
        let next = AssertUnwindSafe(self.decoder.next()).catch_unwind().await;
        let malformed = "the rows that were sent are malformed";
        let next = next.map_err(|_panic| Error::new(Code::InvalidParameter, malformed))?;
        let payload = next.transpose().map_err(unreadable)?.map(|message| message.payload);
        match &payload {
            Some(DecodedPayload::RecordBatch(batch)) if batch.num_rows() > MAX_ROWS => {
                let message = format!("a message brings {} rows, too many", batch.num_rows());
                Err(Error::new(Code::LimitExceeded, message).with_hint("Send smaller batches."))
            }
            _ => Ok(payload),
        }
    }
}

/// Returns the rows of a batch, so many at once.
fn pieces(batch: RecordBatch) -> impl Iterator<Item = RecordBatch> {
    let rows = batch.num_rows();
    let starts = (0..rows).step_by(ROWS_AT_ONCE);
    starts.map(move |start| batch.slice(start, ROWS_AT_ONCE.min(rows - start)))
}

fn unreadable(error: FlightError) -> Error {
    match error {
        FlightError::Tonic(status) => {
            let message = format!("the client stopped sending rows: {}", status.message());
            Error::new(Code::Canceled, message)
        }
        FlightError::ExternalError(error) => match error.downcast::<Error>() {
            Ok(error) => *error,
            Err(other) => Error::new(Code::InvalidParameter, other.to_string()),
        },
        other => {
            let message = format!("cannot read the rows that were sent: {other}");
            Error::new(Code::InvalidParameter, message)
        }
    }
}
