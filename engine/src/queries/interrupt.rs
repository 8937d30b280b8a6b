//! A flag that operators look at inside long computations, where no task switch can end a query.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use godwit_udfs::Interruption;

use crate::error::{Code, Error, external};
use crate::runtime::Flagged;

/// Whether a statement must stop; made with the statement and carried in its configuration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interrupt {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    stopped: AtomicBool,
    deadline: OnceLock<Instant>,
}

impl Interrupt {
    /// Stops the statement at the next look.
    pub(crate) fn stop(&self) {
        self.inner.stopped.store(true, Ordering::Relaxed);
    }

    /// Stops the statement after some time; the first call counts.
    pub(crate) fn stop_after(&self, timeout: Duration) {
        if let Some(deadline) = Instant::now().checked_add(timeout) {
            let _ = self.inner.deadline.set(deadline);
        }
    }

    /// Returns what stops the functions of the statement.
    pub(crate) fn of_functions(&self) -> Interruption {
        let interrupt = self.clone();
        Interruption::new(move || interrupt.check().map_err(external))
    }

    /// Returns work that sees, with all that it starts, when the statement must stop.
    pub(crate) fn over<F: Future>(&self, work: F) -> Flagged<F> {
        let interrupt = self.clone();
        Flagged::new(Arc::new(move || interrupt.check().is_err()), work)
    }

    /// Returns an error once the statement must stop.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.inner.stopped.load(Ordering::Relaxed) {
            return Err(Error::new(Code::Canceled, "the query was canceled"));
        }
        if self.inner.deadline.get().is_some_and(|deadline| Instant::now() >= *deadline) {
            return Err(Error::new(Code::Timeout, "the query ran out of time"));
        }
        Ok(())
    }
}

godwit_udfs::carried!(Interrupt, "godwit_interrupt");
