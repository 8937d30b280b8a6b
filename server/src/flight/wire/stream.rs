//! A stream of batches as a stream of Flight messages, encoded off the request task.

use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use arrow_flight::FlightData;
use futures::{FutureExt as _, Stream, StreamExt as _, TryStreamExt as _, stream};
use tokio::task::JoinSet;

use super::encode::{Encoder, SMALL_BYTES, SMALL_ROWS};
use super::error::WireError;
use super::keep_alive::{SILENCE, kept_alive};
use super::size::batch_size;

/// Chunks that may be encoded at the same time; results keep their order.
const PARALLEL_CHUNKS: usize = 3;
/// A chunk below this size is encoded faster than it is handed to another thread.
const INLINE_BYTES: usize = 64 * 1024;

/// Batches that are encoded together.
struct Chunk {
    batches: Vec<RecordBatch>,
    bytes: usize,
}

/// Returns the messages of `source`: the schema at once, then the batches as they come, and some
/// without rows while none come.
pub(in crate::flight) fn encoded<S, E>(
    encoder: Encoder,
    source: S,
) -> impl Stream<Item = Result<FlightData, E>> + Send + 'static
where
    S: Stream<Item = Result<RecordBatch, E>> + Send + Unpin + 'static,
    E: From<WireError> + Send + 'static,
{
    let encoder = Arc::new(encoder);
    let first = stream::iter([Ok(encoder.schema_message())]);
    let without_rows = encoder.empty_message();
    let rest = chunks(source)
        .map(move |chunk| {
            let encoder = Arc::clone(&encoder);
            async move {
                let Chunk { batches, bytes } = chunk?;
                let messages = if bytes < INLINE_BYTES {
                    encoder.encode(&batches)?
                } else {
                    encode_on_worker(encoder, batches).await?
                };
                Ok::<_, E>(stream::iter(messages.into_iter().map(Ok::<_, E>)))
            }
        })
        .buffered(PARALLEL_CHUNKS)
        .try_flatten();
    let rest = match without_rows {
        Ok(without_rows) => kept_alive(rest, without_rows, SILENCE).left_stream(),
        Err(error) => stream::iter([Err(error.into())]).right_stream(),
    };
    first.chain(rest)
}

/// Groups the batches that are ready while they are small, so that a selective query does not
/// cost one message for every few rows. Waits only for the first batch of a group.
fn chunks<S, E>(source: S) -> impl Stream<Item = Result<Chunk, E>> + Send
where
    S: Stream<Item = Result<RecordBatch, E>> + Send + Unpin,
    E: Send,
{
    // A group may find the end of the source before the next group asks again.
    let start = (source.fuse(), None::<E>);
    stream::unfold(start, |(mut source, failure)| async move {
        if let Some(failure) = failure {
            return Some((Err(failure), (source, None)));
        }
        let first = match source.next().await? {
            Ok(batch) => batch,
            Err(error) => return Some((Err(error), (source, None))),
        };
        let (mut rows, mut bytes) = (first.num_rows(), batch_size(&first));
        let mut batches = vec![first];
        let mut failure = None;
        while rows < SMALL_ROWS && bytes < SMALL_BYTES {
            match source.next().now_or_never() {
                Some(Some(Ok(batch))) => {
                    rows += batch.num_rows();
                    bytes += batch_size(&batch);
                    batches.push(batch);
                }
                Some(Some(Err(error))) => {
                    failure = Some(error);
                    break;
                }
                Some(None) | None => break,
            }
        }
        Some((Ok(Chunk { batches, bytes }), (source, failure)))
    })
}

async fn encode_on_worker(
    encoder: Arc<Encoder>,
    batches: Vec<RecordBatch>,
) -> Result<Vec<FlightData>, WireError> {
    let mut worker = JoinSet::new();
    worker.spawn_blocking(move || encoder.encode(&batches));
    match worker.join_next().await {
        Some(Ok(messages)) => messages,
        Some(Err(_)) | None => Err(WireError::Worker),
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Int64Array};

    use super::super::encode::Compression;
    use super::super::geometry::GeometryFormat;
    use super::super::profile::Profile;
    use super::*;

    fn numbers(first: i64, rows: usize) -> RecordBatch {
        let column: ArrayRef = Arc::new(Int64Array::from(vec![first; rows]));
        RecordBatch::try_from_iter([("n", column)]).unwrap()
    }

    #[tokio::test]
    async fn an_error_comes_after_the_batches_before_it() {
        let source = stream::iter([Ok(numbers(1, 10)), Ok(numbers(2, 10)), Err(WireError::Worker)]);
        let profile = Profile::new(&numbers(0, 1).schema(), GeometryFormat::Wkb);
        let encoder = Encoder::try_new(profile, Compression::None).unwrap();
        let messages: Vec<_> = encoded(encoder, source).collect().await;
        assert_eq!(messages.len(), 3);
        assert!(messages[0].is_ok() && messages[1].is_ok() && messages[2].is_err());
    }

    #[tokio::test]
    async fn the_source_is_not_polled_after_its_end() {
        // An unfolded stream panics when it is.
        let source = stream::unfold(0, |row| async move {
            (row < 3).then(|| (Ok::<_, WireError>(numbers(row, 1)), row + 1))
        });
        let profile = Profile::new(&numbers(0, 1).schema(), GeometryFormat::Wkb);
        let encoder = Encoder::try_new(profile, Compression::None).unwrap();
        let messages: Vec<_> = encoded(encoder, source.boxed()).collect().await;
        assert_eq!(messages.len(), 2);
    }

    #[tokio::test]
    async fn an_empty_result_still_sends_its_schema() {
        let source = stream::iter(Vec::<Result<RecordBatch, WireError>>::new());
        let profile = Profile::new(&numbers(0, 1).schema(), GeometryFormat::Wkb);
        let encoder = Encoder::try_new(profile, Compression::None).unwrap();
        let messages: Vec<_> = encoded(encoder, source).collect().await;
        assert_eq!(messages.len(), 1);
    }
}
