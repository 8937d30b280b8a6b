//! A memory pool that takes back what is kept for later queries before it refuses memory.

use std::fmt;
use std::sync::{Arc, Weak};

use datafusion::common::Result;
use datafusion::execution::memory_pool::{
    MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation,
};
use godwit_planner::JoinCache;

/// A pool of which a cache holds a part until somebody needs it.
#[derive(Debug)]
pub(super) struct ReclaimPool<P> {
    inner: P,
    /// What is in the cache is booked in this pool, and so holds it.
    cache: Weak<JoinCache>,
}

impl<P: MemoryPool> ReclaimPool<P> {
    /// Returns a pool over another one, in which the sides in a cache are booked.
    pub(super) fn new(inner: P, cache: &Arc<JoinCache>) -> Self {
        Self { inner, cache: Arc::downgrade(cache) }
    }
}

impl<P: MemoryPool> MemoryPool for ReclaimPool<P> {
    fn name(&self) -> &'static str {
        "reclaim"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        self.inner.register(consumer);
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.inner.unregister(consumer);
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        self.inner.grow(reservation, additional);
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        self.inner.shrink(reservation, shrink);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        let mut grown = self.inner.try_grow(reservation, additional);
        while grown.is_err() && self.cache.upgrade().is_some_and(|cache| cache.give_back()) {
            grown = self.inner.try_grow(reservation, additional);
        }
        grown
    }

    fn reserved(&self) -> usize {
        self.inner.reserved()
    }

    fn memory_limit(&self) -> MemoryLimit {
        self.inner.memory_limit()
    }
}

impl<P: MemoryPool> fmt::Display for ReclaimPool<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.inner, f)
    }
}
