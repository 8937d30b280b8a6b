//! Computes rows on a task of their own, so that whoever reads them is never blocked by it.

use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Schema};
use arrow::record_batch::RecordBatch;
use datafusion::common::{Result, internal_err};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use futures::StreamExt as _;
use tokio::sync::mpsc::Sender;

use crate::error::external;
use crate::queries::unpanicked;

/// How many batches may wait for the reader.
const BUFFERED: usize = 2;
/// Small batches are joined to ones of at most as many rows.
const JOINED_ROWS: usize = 65_536;
/// See [`JOINED_ROWS`].
const JOINED_BYTES: usize = 1 << 20;

/// Returns the rows of a stream that runs on its own task, which ends when the rows are dropped.
///
/// A reader who keeps up is given each batch as it comes; for one who does not, small ones are
/// joined meanwhile, so that the two threads wait for each other less often.
pub(crate) fn spawned(stream: SendableRecordBatchStream) -> SendableRecordBatchStream {
    let mut builder = RecordBatchReceiverStreamBuilder::new(stream.schema(), BUFFERED);
    let reader = builder.tx();
    builder.spawn(async move { unpanicked(pump(stream, &reader)).await.map_err(external) });
    builder.build()
}

/// Hands the rows to the reader, up to their end or that of the reader.
async fn pump(mut rows: SendableRecordBatchStream, reader: &Sender<Result<RecordBatch>>) {
    let mut group = Group::new(&rows.schema());
    loop {
        let next = tokio::select! {
            biased;
            next = rows.next(), if !group.is_full() => next,
            permit = reader.reserve(), if !group.is_empty() => {
                let Ok(permit) = permit else { return };
                permit.send(group.take());
                continue;
            }
        };
        let full = match &next {
            Some(Ok(batch)) => !group.has_room(batch),
            Some(Err(_)) | None => true,
        };
        if full && !group.is_empty() && reader.send(group.take()).await.is_err() {
            return;
        }
        match next {
            Some(Ok(batch)) => group.add(batch),
            Some(Err(error)) => {
                // That nobody reads any more is no failure.
                let _ = reader.send(Err(error)).await;
                return;
            }
            None => return,
        }
        if let Ok(permit) = reader.try_reserve() {
            permit.send(group.take());
        } else if reader.is_closed() {
            return;
        }
    }
}

/// Consecutive batches that wait for the reader.
struct Group {
    /// Whether any batches may be joined. Those of dictionaries stay alone: the values of several
    /// may be more than their keys can count.
    is_open: bool,
    batches: Vec<RecordBatch>,
    rows: usize,
    bytes: usize,
}

impl Group {
    fn new(schema: &Schema) -> Self {
        let mut fields = schema.flattened_fields().into_iter();
        let is_open = !fields.any(|field| matches!(field.data_type(), DataType::Dictionary(..)));
        Self { is_open, batches: Vec::new(), rows: 0, bytes: 0 }
    }

    fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Returns whether no batch may be joined to those that wait, however small.
    fn is_full(&self) -> bool {
        self.rows >= JOINED_ROWS || self.bytes >= JOINED_BYTES
    }

    /// Returns whether a batch may be joined to those that wait.
    fn has_room(&self, batch: &RecordBatch) -> bool {
        self.is_open
            && self.rows + batch.num_rows() <= JOINED_ROWS
            && self.bytes + batch.get_array_memory_size() <= JOINED_BYTES
    }

    fn add(&mut self, batch: RecordBatch) {
        self.rows += batch.num_rows();
        self.bytes += batch.get_array_memory_size();
        self.batches.push(batch);
    }

    /// Returns the batches as one, and is empty again.
    fn take(&mut self) -> Result<RecordBatch> {
        (self.rows, self.bytes) = (0, 0);
        let batches = std::mem::take(&mut self.batches);
        match batches.as_slice() {
            [batch] => Ok(batch.clone()),
            // The schema of the stream may promise more of the columns than batches keep.
            [first, ..] => Ok(concat_batches(&first.schema(), &batches)?),
            [] => internal_err!("no batch waits for the reader"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, AsArray as _, DictionaryArray, Int8Array, Int64Array};
    use arrow::datatypes::{Int8Type, Int64Type};
    use datafusion::common::exec_err;
    use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
    use futures::stream;

    use super::*;

    fn batch(number: i64, rows: usize) -> RecordBatch {
        let column: ArrayRef = Arc::new(Int64Array::from(vec![number; rows]));
        RecordBatch::try_from_iter([("n", column)]).unwrap()
    }

    fn rows_of<S>(batches: S) -> SendableRecordBatchStream
    where
        S: futures::Stream<Item = Result<RecordBatch>> + Send + 'static,
    {
        Box::pin(RecordBatchStreamAdapter::new(batch(0, 1).schema(), batches))
    }

    /// Returns a batch whose column has a hundred values of its own behind keys of one byte.
    fn dictionary(start: i64) -> RecordBatch {
        let keys = Int8Array::from_iter_values(0..100);
        let values: ArrayRef = Arc::new(Int64Array::from_iter_values(start..start + 100));
        let column: ArrayRef = Arc::new(DictionaryArray::<Int8Type>::new(keys, values));
        RecordBatch::try_from_iter([("n", column)]).unwrap()
    }

    #[tokio::test]
    async fn batches_are_joined_while_the_reader_is_away_and_keep_their_order() {
        let batches = stream::iter((0..100).map(|number| Ok(batch(number, 1000))));
        let mut rows = spawned(rows_of(batches));
        // The only thread computes all it may while nothing is read.
        tokio::task::yield_now().await;
        let (mut count, mut values) = (0, Vec::new());
        while let Some(batch) = rows.next().await {
            let batch = batch.unwrap();
            assert!(batch.num_rows() <= JOINED_ROWS);
            count += 1;
            values.extend(batch.column(0).as_primitive::<Int64Type>().values().iter().copied());
        }
        assert!((3..10).contains(&count), "{count} batches");
        assert_eq!(values, (0..100).flat_map(|number| [number; 1000]).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn what_waits_is_given_away_before_the_next_batch_is_there() {
        let ready = stream::iter((0..10).map(|number| Ok(batch(number, 1))));
        let mut rows = spawned(rows_of(ready.chain(stream::pending())));
        tokio::task::yield_now().await;
        let mut count = 0;
        while count < 10 {
            count += rows.next().await.unwrap().unwrap().num_rows();
        }
    }

    #[tokio::test]
    async fn large_batches_stay_alone() {
        let batches = stream::iter((0..5).map(|number| Ok(batch(number, JOINED_ROWS))));
        let sizes: Vec<_> =
            spawned(rows_of(batches)).map(|batch| batch.unwrap().num_rows()).collect().await;
        assert_eq!(sizes, [JOINED_ROWS; 5]);
    }

    #[tokio::test]
    async fn batches_of_dictionaries_stay_alone() {
        let batches = stream::iter((0..9).map(|number| Ok(dictionary(number * 100))));
        let schema = dictionary(0).schema();
        let mut rows = spawned(Box::pin(RecordBatchStreamAdapter::new(schema, batches)));
        tokio::task::yield_now().await;
        let mut values = Vec::new();
        while let Some(batch) = rows.next().await {
            let batch = batch.unwrap();
            let column = batch.column(0).as_dictionary::<Int8Type>();
            values.extend_from_slice(column.values().as_primitive::<Int64Type>().values());
        }
        assert!(values.into_iter().eq(0..900));
    }

    #[tokio::test]
    async fn an_error_comes_after_the_rows_before_it() {
        let batches = stream::iter((0..5).map(|number| Ok(batch(number, 1))));
        let failing = batches.chain(stream::iter([exec_err!("it failed")]));
        let mut rows = spawned(rows_of(failing));
        let mut count = 0;
        let error = loop {
            match rows.next().await.unwrap() {
                Ok(batch) => count += batch.num_rows(),
                Err(error) => break error,
            }
        };
        assert_eq!((count, error.strip_backtrace()), (5, "Execution error: it failed".to_owned()));
        assert!(rows.next().await.is_none());
    }
}
