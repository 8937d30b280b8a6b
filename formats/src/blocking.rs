//! Results made on a blocking thread, as a stream.

use arrow::array::RecordBatch;
use datafusion::common::Result as QueryResult;
use datafusion::common::runtime::SpawnedTask;
use datafusion::error::DataFusionError;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use tokio::sync::mpsc;

use crate::FormatError;

/// Takes results on a blocking thread; returns false when nobody wants more.
pub(crate) type Emit<'a, T> = &'a mut dyn FnMut(T) -> bool;

/// How many batches may wait for the query.
const BATCHES_IN_FLIGHT: usize = 2;

/// Runs `work` on a blocking thread and returns the batches it emits, as those of a file.
pub(crate) fn batches_from_thread(
    work: impl FnOnce(Emit<'_, RecordBatch>) -> Result<(), FormatError> + Send + 'static,
) -> BoxStream<'static, QueryResult<RecordBatch>> {
    stream_from_thread(BATCHES_IN_FLIGHT, work).map_err(DataFusionError::from).boxed()
}

/// Runs `work` on a blocking thread and returns what it emits. At most `in_flight` results wait.
/// An error, or a panic, of the work ends the stream as an error.
pub(crate) fn stream_from_thread<T: Send + 'static>(
    in_flight: usize,
    work: impl FnOnce(Emit<'_, T>) -> Result<(), FormatError> + Send + 'static,
) -> BoxStream<'static, Result<T, FormatError>> {
    let (sender, receiver) = mpsc::channel(in_flight);
    let task = SpawnedTask::spawn_blocking(move || {
        work(&mut |result| sender.blocking_send(result).is_ok())
    });
    let state = Some((receiver, task));
    let stream = futures::stream::unfold(state, |state| async move {
        let (mut receiver, task) = state?;
        if let Some(result) = receiver.recv().await {
            return Some((Ok(result), Some((receiver, task))));
        }
        match task.await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some((Err(error), None)),
            Err(error) => Some((Err(FormatError::Io(std::io::Error::other(error))), None)),
        }
    });
    stream.boxed()
}
