//! What the engine counts from its start.

use std::sync::atomic::{AtomicU64, Ordering};

/// The counters of an engine.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    planned: AtomicU64,
    changes: AtomicU64,
}

impl Counts {
    /// Notes that the tables of a statement were opened and the statement planned.
    pub(crate) fn note_planned(&self) {
        self.planned.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns how often a statement was planned.
    pub(crate) fn planned(&self) -> u64 {
        self.planned.load(Ordering::Relaxed)
    }

    /// Returns how many statements that may change tables have ended: while the number stays, tables
    /// that were opened are what they were, but for what others than this server write.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// Begins a statement that may change tables. It has ended when the result is dropped.
    pub(crate) fn change(&self) -> Change<'_> {
        Change(self)
    }
}

/// A statement that may change tables.
#[derive(Debug)]
pub(crate) struct Change<'a>(&'a Counts);

impl Drop for Change<'_> {
    fn drop(&mut self) {
        self.0.changes.fetch_add(1, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_counts_when_it_ends() {
        let counts = Counts::default();
        let change = counts.change();
        assert_eq!(counts.changes(), 0);
        drop(change);
        assert_eq!(counts.changes(), 1);
    }
}
