//! A flag that ends a query, and wakes whoever waits for its next rows.

use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use futures::task::AtomicWaker;

use crate::error::{Code, Error};

/// Why a query was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CancelReason {
    /// Someone said so.
    Request = 1,
    /// The server is going down.
    Shutdown = 2,
}

/// A flag that ends a query; one task at a time waits for it.
#[derive(Debug, Default)]
pub(super) struct Cancel {
    reason: AtomicU8,
    waker: AtomicWaker,
}

impl Cancel {
    /// Ends the query; the first reason stays.
    pub(super) fn cancel(&self, reason: CancelReason) {
        let _ = self.reason.compare_exchange(0, reason as u8, Ordering::AcqRel, Ordering::Acquire);
        self.waker.wake();
    }

    /// Is ready with an error once the query was ended.
    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Error> {
        self.waker.register(context.waker());
        self.error().map_or(Poll::Pending, Poll::Ready)
    }

    /// Returns the error of a query that was ended.
    pub(super) fn error(&self) -> Option<Error> {
        match self.reason.load(Ordering::Acquire) {
            0 => None,
            2 => Some(Error::new(
                Code::ShuttingDown,
                "the query was canceled because the server is going down",
            )),
            _ => Some(Error::new(Code::Canceled, "the query was canceled")),
        }
    }
}
