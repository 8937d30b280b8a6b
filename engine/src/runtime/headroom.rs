//! A memory pool that keeps room for what operators take before they book it.
//!
//! A hash table books its size after it has grown. It grows to twice its size beside the old one,
//! and to be written to disk its rows are sorted beside it, so a query of many groups was seen to
//! hold three times what it had booked: enough to have its process killed at a limit of half the
//! memory.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::common::{DataFusionError, Result};
use datafusion::execution::memory_pool::{
    MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation,
};

/// What the operators that keep groups in a hash table are called.
const HASH_TABLES: &str = "HashAggregateStream";

/// How many bytes a hash table may take beyond each byte it has booked.
const UNBOOKED: usize = 2;

/// A pool that keeps room for what hash tables take before they book it.
#[derive(Debug)]
pub(super) struct HeadroomPool<P> {
    inner: P,
    limit: usize,
    /// The bytes kept for hash tables.
    kept: AtomicUsize,
}

impl<P: MemoryPool> HeadroomPool<P> {
    /// Returns a pool over another one with the same limit.
    pub(super) fn new(inner: P, limit: usize) -> Self {
        Self { inner, limit, kept: AtomicUsize::new(0) }
    }

    fn keep(&self, reservation: &MemoryReservation, additional: usize) {
        self.kept.fetch_add(unbooked(reservation, additional), Ordering::Relaxed);
    }
}

impl<P: MemoryPool> MemoryPool for HeadroomPool<P> {
    fn name(&self) -> &'static str {
        "headroom"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        self.inner.register(consumer);
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        self.inner.unregister(consumer);
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        self.inner.grow(reservation, additional);
        self.keep(reservation, additional);
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        self.inner.shrink(reservation, shrink);
        self.kept.fetch_sub(unbooked(reservation, shrink), Ordering::Relaxed);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        let kept = self.kept.load(Ordering::Relaxed);
        let taken = self.inner.reserved().saturating_add(kept);
        let wanted = additional.saturating_add(unbooked(reservation, additional));
        if wanted > self.limit.saturating_sub(taken) {
            return Err(DataFusionError::ResourcesExhausted(format!(
                "Failed to allocate additional {additional} bytes for {} with {} bytes already \
                 allocated for this reservation - {kept} bytes are kept for hash tables to grow",
                reservation.consumer().name(),
                reservation.size()
            )));
        }
        self.inner.try_grow(reservation, additional)?;
        self.keep(reservation, additional);
        Ok(())
    }

    fn reserved(&self) -> usize {
        self.inner.reserved()
    }

    fn memory_limit(&self) -> MemoryLimit {
        self.inner.memory_limit()
    }
}

impl<P: MemoryPool> fmt::Display for HeadroomPool<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.inner, f)
    }
}

/// Returns the bytes that are kept for a booking.
fn unbooked(reservation: &MemoryReservation, bytes: usize) -> usize {
    let keeps = reservation.consumer().name().contains(HASH_TABLES);
    if keeps { bytes.saturating_mul(UNBOOKED) } else { 0 }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::execution::memory_pool::GreedyMemoryPool;

    use super::*;

    #[test]
    fn hash_tables_keep_room_to_grow() {
        let pool: Arc<dyn MemoryPool> =
            Arc::new(HeadroomPool::new(GreedyMemoryPool::new(1000), 1000));
        let table = MemoryConsumer::new("FinalHashAggregateStream[0]").register(&pool);
        assert!(table.try_grow(300).is_ok());
        assert!(table.try_grow(100).is_err());
        let sort = MemoryConsumer::new("ExternalSorter[0]").register(&pool);
        assert!(sort.try_grow(200).is_err());
        assert!(sort.try_grow(100).is_ok());
        table.free();
        assert!(sort.try_grow(900).is_ok());
        assert_eq!(pool.reserved(), 1000);
    }
}
