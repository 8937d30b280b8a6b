//! The rows a client reads.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;
use futures::{Stream, StreamExt as _};

use super::align;
use crate::error::{Code, Error};
use crate::queries::Running;

/// The rows of a running query; dropping it cancels the query.
pub struct ResultStream {
    schema: SchemaRef,
    inner: Option<SendableRecordBatchStream>,
    running: Running,
    max_rows: Option<u64>,
}

impl ResultStream {
    pub(crate) fn new(
        schema: SchemaRef,
        inner: SendableRecordBatchStream,
        running: Running,
        max_rows: Option<u64>,
    ) -> Self {
        Self { schema, inner: Some(inner), running, max_rows }
    }

    /// Returns the schema of every batch.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn advance(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<RecordBatch, Error>>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        if let Poll::Ready(error) = self.running.poll_end(context) {
            return Poll::Ready(Some(Err(error)));
        }
        let batch = match inner.poll_next_unpin(context) {
            Poll::Pending => return Poll::Pending,
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
}

impl std::fmt::Debug for ResultStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResultStream").field("running", &self.running).finish_non_exhaustive()
    }
}

impl Stream for ResultStream {
    type Item = Result<RecordBatch, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.advance(context) {
            // The operators below stop before the end is told.
            Poll::Ready(None) => {
                self.inner = None;
                self.running.end(None);
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(error))) => {
                self.inner = None;
                self.running.end(Some(&error));
                let query_id = self.running.id();
                Poll::Ready(Some(Err(error.sealed(query_id))))
            }
            next => next,
        }
    }
}
