//! The rows of a query, executed once for each row of bound values.

use std::time::Duration;

use arrow::array::RecordBatch;
use futures::stream::{self, BoxStream};
use futures::{StreamExt as _, TryStreamExt as _};
use godwit_engine::{Code, Error, Outcome, Prepared, ResultStream};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::parameters::Rows;
use super::status::Failure;

/// The batches of a running query; dropping them cancels it.
pub(super) type Batches = BoxStream<'static, Result<RecordBatch, Failure>>;

/// A running query.
pub(super) struct Execution {
    /// The id of its first execution, if there is one.
    pub(super) query_id: Option<Uuid>,
    /// Its rows.
    pub(super) batches: Batches,
}

impl Execution {
    /// Returns the execution of a query that runs already.
    pub(super) fn of(query_id: Uuid, rows: ResultStream) -> Self {
        Self { query_id: Some(query_id), batches: batches(query_id, rows) }
    }
}

fn batches(query_id: Uuid, rows: ResultStream) -> Batches {
    rows.map_err(move |error| Failure::of_query(&error, query_id)).boxed()
}

/// Starts a query. The first execution starts now, so that its errors answer the call itself;
/// each further one starts when the rows before it are read.
pub(super) async fn start(plan: Prepared, rows: Rows) -> Result<Execution, Failure> {
    if rows.len() == 0 {
        return Ok(Execution { query_id: None, batches: stream::empty().boxed() });
    }
    let (query_id, first) = execute(&plan, &rows, 0).await?;
    if rows.len() == 1 {
        return Ok(Execution { query_id: Some(query_id), batches: first });
    }
    let others = stream::iter(1..rows.len()).then(move |row| {
        let (plan, rows) = (plan.clone(), rows.clone());
        async move { Ok::<_, Failure>(execute(&plan, &rows, row).await?.1) }
    });
    let batches = first.chain(others.try_flatten()).boxed();
    Ok(Execution { query_id: Some(query_id), batches })
}

async fn execute(plan: &Prepared, rows: &Rows, row: usize) -> Result<(Uuid, Batches), Failure> {
    let execution = Box::pin(plan.execute(rows.row(row)?)).await?;
    let query_id = execution.query_id;
    match execution.outcome {
        Outcome::Rows(rows) => Ok((query_id, batches(query_id, rows))),
        Outcome::Done(_) => Err(Failure::internal("a query returned no rows stream")),
    }
}

/// Ends a stream with an error when the client's patience does.
pub(super) fn within(patience: Option<Duration>, batches: Batches) -> Batches {
    let Some(patience) = patience else { return batches };
    let Some(deadline) = Instant::now().checked_add(patience) else { return batches };
    stream::unfold(Some(batches), move |batches| async move {
        let mut batches = batches?;
        if let Ok(item) = timeout_at(deadline, batches.next()).await {
            return Some((item?, Some(batches)));
        }
        let error = Error::new(Code::Timeout, "the deadline of the call has passed");
        Some((Err(error.into()), None))
    })
    .boxed()
}

#[cfg(test)]
mod tests {
    use tonic::Status;

    use super::*;

    #[tokio::test]
    async fn a_deadline_ends_the_stream_with_an_error() {
        let batches = within(Some(Duration::from_millis(10)), stream::pending().boxed());
        let items: Vec<_> = batches.collect().await;
        assert_eq!(items.len(), 1);
        let failure = items.into_iter().next().unwrap().unwrap_err();
        assert_eq!(Status::from(failure).code(), tonic::Code::DeadlineExceeded);
    }

    #[tokio::test]
    async fn a_stream_in_time_ends_as_it_is() {
        let batches = within(Some(Duration::from_mins(1)), stream::empty().boxed());
        assert_eq!(batches.count().await, 0);
    }
}
