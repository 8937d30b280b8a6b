//! How many queries run at once, and how many may wait.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use crate::error::{Code, Error};

/// The slots of running queries and the queue before them, first come first served.
#[derive(Debug)]
pub(crate) struct Admission {
    slots: Arc<Semaphore>,
    limit: usize,
    waiting: AtomicUsize,
    max_waiting: usize,
    timeout: Duration,
}

impl Admission {
    /// Returns an admission with `limit` slots.
    pub(crate) fn new(limit: usize, max_waiting: usize, timeout: Duration) -> Self {
        let limit = limit.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            slots: Arc::new(Semaphore::new(limit)),
            limit,
            waiting: AtomicUsize::new(0),
            max_waiting,
            timeout,
        }
    }

    /// Waits for a slot.
    pub(super) async fn acquire(&self) -> Result<OwnedSemaphorePermit, Error> {
        if let Ok(permit) = Arc::clone(&self.slots).try_acquire_owned() {
            return Ok(permit);
        }
        let place = Waiting::enter(&self.waiting);
        if place.position > self.max_waiting {
            return Err(Error::new(
                Code::TooManyQueries,
                format!("{} queries run and {} wait already", self.limit, self.max_waiting),
            )
            .with_hint("Try again later, or raise limits.max_concurrent_queries."));
        }
        let acquired = tokio::time::timeout(self.timeout, Arc::clone(&self.slots).acquire_owned());
        match acquired.await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(Error::new(Code::ShuttingDown, "the server is going down")),
            Err(_) => Err(Error::new(
                Code::TooManyQueries,
                format!("the query waited {} s for its turn", self.timeout.as_secs()),
            )
            .with_hint("Try again later, or raise limits.max_concurrent_queries.")),
        }
    }

    /// Returns how many queries wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

/// One slot for several queries, held as long as any of them runs.
#[derive(Debug, Default)]
pub(crate) struct SharedSlot {
    permit: Mutex<Weak<OwnedSemaphorePermit>>,
}

impl SharedSlot {
    /// Waits for the slot, unless another query has it already.
    pub(super) async fn take(
        &self,
        admission: &Admission,
    ) -> Result<Arc<OwnedSemaphorePermit>, Error> {
        // Kept while waiting, so that those who come meanwhile wait for the same slot.
        let mut permit = self.permit.lock().await;
        if let Some(held) = permit.upgrade() {
            return Ok(held);
        }
        let taken = Arc::new(admission.acquire().await?);
        *permit = Arc::downgrade(&taken);
        Ok(taken)
    }
}

/// A place in the queue, given back when dropped.
struct Waiting<'a> {
    count: &'a AtomicUsize,
    position: usize,
}

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize) -> Self {
        Self { count, position: count.fetch_add(1, Ordering::Relaxed) + 1 }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}
