//! A query's place on the list, in the queue and under its time limit.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use arrow::array::RecordBatch;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Sleep;
use uuid::Uuid;

use super::admission::SharedSlot;
use super::info::QueryState;
use super::interrupt::Interrupt;
use super::panic::unpanicked;
use super::registry::Tracked;
use crate::engine::Shared;
use crate::error::{Code, Error};
use crate::options::Protocol;

/// A query from its submission to its end. Dropping it before it ended counts as canceled.
pub(crate) struct Running {
    engine: Arc<Shared>,
    tracked: Arc<Tracked>,
    permit: Option<Arc<OwnedSemaphorePermit>>,
    deadline: Option<Pin<Box<Sleep>>>,
    timeout: Option<Duration>,
    ended: bool,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("id", &self.tracked.id).finish_non_exhaustive()
    }
}

impl Running {
    /// Puts a query on the list.
    pub(crate) fn submit(
        engine: &Arc<Shared>,
        sql: &str,
        user: &str,
        (protocol, session): (Protocol, Uuid),
        timeout: Option<Duration>,
    ) -> Self {
        let tracked = engine.registry.enter(sql, user, protocol, session);
        Self {
            engine: Arc::clone(engine),
            tracked,
            permit: None,
            deadline: None,
            timeout,
            ended: false,
        }
    }

    /// Returns the query's id.
    pub(crate) fn id(&self) -> Uuid {
        self.tracked.id
    }

    /// Waits for a slot and starts the clock.
    pub(crate) async fn admit(&mut self) -> Result<(), Error> {
        let engine = Arc::clone(&self.engine);
        let permit = self.guard(engine.admission.acquire()).await??;
        self.start(Arc::new(permit));
        Ok(())
    }

    /// Waits for a slot that other queries may have already, and starts the clock.
    pub(crate) async fn admit_to(&mut self, slot: &SharedSlot) -> Result<(), Error> {
        let engine = Arc::clone(&self.engine);
        let permit = self.guard(slot.take(&engine.admission)).await??;
        self.start(permit);
        Ok(())
    }

    fn start(&mut self, permit: Arc<OwnedSemaphorePermit>) {
        self.permit = Some(permit);
        self.deadline = self.timeout.map(|timeout| Box::pin(tokio::time::sleep(timeout)));
        self.engine.registry.start(&self.tracked);
    }

    /// Runs a future unless the query is ended or its time is up. A panic inside is an error.
    pub(crate) async fn guard<F: Future>(&mut self, future: F) -> Result<F::Output, Error> {
        let mut future = Box::pin(unpanicked(future));
        std::future::poll_fn(|context| {
            if let Poll::Ready(error) = self.poll_end(context) {
                return Poll::Ready(Err(error));
            }
            future.as_mut().poll(context)
        })
        .await
    }

    /// Is ready with an error once the query must end; one task at a time waits for it.
    pub(crate) fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<Error> {
        if let Poll::Ready(error) = self.tracked.poll_canceled(context) {
            return Poll::Ready(error);
        }
        if let Some(deadline) = &mut self.deadline
            && deadline.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(self.too_late());
        }
        Poll::Pending
    }

    /// Returns why the query must have ended by now, if it must.
    pub(crate) fn ending(&self) -> Option<Error> {
        if let Some(error) = self.tracked.canceled() {
            return Some(error);
        }
        let is_late = self.deadline.as_ref().is_some_and(|deadline| deadline.is_elapsed());
        is_late.then(|| self.too_late())
    }

    fn too_late(&self) -> Error {
        let seconds = self.timeout.unwrap_or_default().as_secs_f64();
        Error::new(Code::Timeout, format!("the query ran longer than {seconds} s"))
            .with_hint("Raise limits.query_timeout_seconds, or let the query read less.")
    }

    /// Returns what lets the end of the query reach into the statement.
    pub(crate) fn attachment(&self) -> Attachment {
        Attachment { tracked: Arc::clone(&self.tracked), timeout: self.timeout }
    }

    /// Counts rows and returns how many there are now.
    pub(crate) fn count(&self, rows: usize) -> u64 {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        self.tracked.rows.fetch_add(rows, Ordering::Relaxed) + rows
    }

    /// Counts the bytes of rows, if somebody wants to know.
    pub(crate) fn count_bytes(&self, rows: &RecordBatch) {
        if let Some(audit) = &self.tracked.audit {
            audit.count(rows);
        }
    }

    /// Returns a counter of rows for streams that run elsewhere.
    pub(crate) fn counter(&self) -> RowCounter {
        RowCounter { tracked: Arc::clone(&self.tracked) }
    }

    /// Stops what the query still computes.
    pub(crate) fn interrupt(&self) {
        self.tracked.interrupt();
    }

    /// Notes how the query ended and frees its slot.
    pub(crate) fn end(&mut self, error: Option<&Error>) {
        if self.ended {
            return;
        }
        self.ended = true;
        if error.is_some() {
            self.tracked.interrupt();
        }
        let state = match error {
            None => QueryState::Succeeded,
            Some(error) if matches!(error.code, Code::Canceled | Code::ShuttingDown) => {
                QueryState::Canceled
            }
            Some(error) => {
                if error.code == Code::Internal {
                    let cause = error.source.as_ref().map(ToString::to_string);
                    tracing::error!(
                        query_id = %self.tracked.id, error = %error, cause, "internal error"
                    );
                }
                QueryState::Failed
            }
        };
        self.tracked.report(state, error.map(|error| error.code));
        self.engine.registry.leave(&self.tracked, state, error);
        self.permit = None;
        self.deadline = None;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.ended {
            self.ended = true;
            self.tracked.interrupt();
            self.tracked.report(QueryState::Canceled, Some(Code::Canceled));
            self.engine.registry.leave(&self.tracked, QueryState::Canceled, None);
        }
    }
}

/// Counts the rows of a query from any task.
#[derive(Debug, Clone)]
pub(crate) struct RowCounter {
    tracked: Arc<Tracked>,
}

impl RowCounter {
    /// Begins to count anew.
    pub(crate) fn restart(&self) {
        self.tracked.rows.store(0, Ordering::Relaxed);
    }

    /// Counts rows.
    pub(crate) fn count(&self, rows: usize) {
        self.tracked.rows.fetch_add(u64::try_from(rows).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// Lets the end of a query reach into the statement's long computations.
#[derive(Debug)]
pub(crate) struct Attachment {
    tracked: Arc<Tracked>,
    timeout: Option<Duration>,
}

impl Attachment {
    /// Stops the computations when the query ends or its time is up.
    pub(crate) fn attach(&self, interrupt: &Interrupt) {
        if let Some(timeout) = self.timeout {
            interrupt.stop_after(timeout);
        }
        self.tracked.attach(interrupt);
    }
}
