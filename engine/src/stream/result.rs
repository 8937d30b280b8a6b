//! The rows a client reads.
//!
//! A reader that stands still does not keep a query that must end: a task beside it waits for the
//! end of the query, and gives its memory and its slot back.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;
use futures::{Stream, StreamExt as _};
use parking_lot::Mutex;
use tokio::task::JoinSet;

use super::align;
use crate::error::{Code, Error};
use crate::queries::Running;

/// The rows of a running query; dropping it cancels the query.
pub struct ResultStream {
    schema: SchemaRef,
    query: Arc<Mutex<Query>>,
    /// Ends the query when it must end, whether or not anybody reads.
    _watcher: JoinSet<()>,
}

/// The query of a result.
struct Query {
    schema: SchemaRef,
    /// Its rows, until it ends.
    rows: Option<SendableRecordBatchStream>,
    running: Running,
    max_rows: Option<u64>,
    /// Why it ended, until the reader is told.
    failure: Option<Error>,
    /// Who waits for the next rows.
    reader: Option<Waker>,
}

impl ResultStream {
    pub(crate) fn new(
        schema: SchemaRef,
        rows: SendableRecordBatchStream,
        running: Running,
        max_rows: Option<u64>,
    ) -> Self {
        let query = Query {
            schema: Arc::clone(&schema),
            rows: Some(rows),
            running,
            max_rows,
            failure: None,
            reader: None,
        };
        let query = Arc::new(Mutex::new(query));
        let watched = Arc::downgrade(&query);
        let mut watcher = JoinSet::new();
        watcher.spawn(poll_fn(move |context| {
            let Some(query) = watched.upgrade() else { return Poll::Ready(()) };
            let mut query = query.lock();
            query.watch(context)
        }));
        Self { schema, query, _watcher: watcher }
    }

    /// Returns the schema of every batch.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Ends the query, which has succeeded though it may have more rows: nobody wants them.
    pub fn finish(self) {
        let mut query = self.query.lock();
        query.running.interrupt();
        query.end(None);
    }
}

impl std::fmt::Debug for ResultStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResultStream").field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl Stream for ResultStream {
    type Item = Result<RecordBatch, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.query.lock().poll_rows(context)
    }
}

impl Query {
    /// Is ready once the query has ended, and ends it when it must.
    fn watch(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.rows.is_none() {
            return Poll::Ready(());
        }
        let Poll::Ready(error) = self.running.poll_end(context) else { return Poll::Pending };
        self.end(Some(&error));
        self.failure = Some(error);
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        Poll::Ready(())
    }

    fn poll_rows(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<RecordBatch, Error>>> {
        match self.advance(context) {
            Poll::Ready(None) => {
                self.end(None);
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(error))) => {
                self.end(Some(&error));
                let query_id = self.running.id();
                Poll::Ready(Some(Err(error.sealed(query_id))))
            }
            next => next,
        }
    }

    fn advance(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<RecordBatch, Error>>> {
        if let Some(failure) = self.failure.take() {
            return Poll::Ready(Some(Err(failure)));
        }
        let Some(rows) = &mut self.rows else { return Poll::Ready(None) };
        // The watcher may be late.
        if let Some(error) = self.running.ending() {
            return Poll::Ready(Some(Err(error)));
        }
        let batch = match rows.poll_next_unpin(context) {
            Poll::Pending => {
                self.reader = Some(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(Some(Ok(batch))) => batch,
        };
        let rows = self.running.count(batch.num_rows());
        self.running.count_bytes(&batch);
        if let Some(max_rows) = self.max_rows
            && rows > max_rows
        {
            return Poll::Ready(Some(Err(Error::new(
                Code::LimitExceeded,
                format!("the result has more than {max_rows} rows"),
            )
            .with_hint("Add LIMIT, or raise the limit of rows."))));
        }
        Poll::Ready(Some(align(&batch, &self.schema).map_err(Error::from)))
    }

    /// Notes how the query ended; the operators below stop before.
    fn end(&mut self, error: Option<&Error>) {
        self.rows = None;
        self.running.end(error);
    }
}
