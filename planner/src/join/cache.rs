//! Collected sides of joins that outlive their query, for later ones that collect the same rows.
//!
//! A side stays booked in the memory pool as it was by the query that collected it, for as long as
//! anybody has it. So nothing is counted twice, and what the cache alone has can be given back to
//! whoever asks the pool for memory.

use std::any::Any;
use std::collections::VecDeque;
use std::fmt::Debug;
use std::sync::Arc;

use parking_lot::Mutex;

use super::identity::Identity;

/// The most sides that are kept, each of which is looked at to find another one.
const MOST_SIDES: usize = 256;

/// Rows that a join has collected and made ready to be looked up.
pub(crate) trait Collected: Any + Debug + Send + Sync {
    /// Returns the bytes of memory that are booked for the rows.
    fn memory_size(&self) -> usize;

    /// Returns whether others are served as well as if they had collected the rows themselves.
    fn serves_others(&self) -> bool;
}

/// The collected sides of spatial joins, up to a number of bytes.
///
/// The pool must ask for memory by [`JoinCache::give_back`] before it refuses any.
#[derive(Debug)]
pub struct JoinCache {
    most_bytes: usize,
    /// The side that was used last comes last.
    sides: Mutex<VecDeque<Side>>,
}

/// What a side has been prepared for, and of which rows.
#[derive(Debug, PartialEq)]
pub(super) struct Key {
    pub(super) identity: Arc<Identity>,
    /// Whether the edges of polygons can be looked through run by run.
    pub(super) has_runs: bool,
}

#[derive(Debug)]
struct Side {
    key: Arc<Key>,
    rows: Arc<dyn Collected>,
}

impl Side {
    fn bytes(&self) -> usize {
        self.rows.memory_size() + self.key.identity.memory_size()
    }
}

impl JoinCache {
    /// Returns a cache for as many bytes, or one that keeps nothing.
    pub fn new(most_bytes: usize) -> Self {
        Self { most_bytes, sides: Mutex::default() }
    }

    /// Returns the bytes that are booked for sides that are kept.
    pub fn memory_size(&self) -> usize {
        self.sides.lock().iter().map(Side::bytes).sum()
    }

    /// Gives up the side that was used longest ago by no query that still runs; returns whether
    /// there was one.
    pub fn give_back(&self) -> bool {
        let given = {
            let mut sides = self.sides.lock();
            // A side in use stays in memory whether the cache has it or not.
            let idle = sides.iter().position(|side| Arc::strong_count(&side.rows) == 1);
            idle.and_then(|index| sides.remove(index))
        };
        given.is_some()
    }

    /// Returns whether the cache keeps nothing at all.
    pub(super) fn is_off(&self) -> bool {
        self.most_bytes == 0
    }

    fn find(&self, key: &Key) -> Option<Arc<dyn Collected>> {
        let mut sides = self.sides.lock();
        let index = sides.iter().position(|side| *side.key == *key)?;
        let side = sides.remove(index)?;
        let rows = Arc::clone(&side.rows);
        sides.push_back(side);
        Some(rows)
    }

    fn keep(&self, side: Side) {
        if !self.is_worth_it(&side) {
            return;
        }
        {
            let mut sides = self.sides.lock();
            // Of two queries that collected the same, the first one was quicker.
            if sides.iter().any(|known| known.key == side.key) {
                return;
            }
            sides.push_back(side);
        }
        self.trim();
    }

    fn is_worth_it(&self, side: &Side) -> bool {
        side.bytes() <= self.most_bytes && side.rows.serves_others()
    }

    /// Gives up what does not fit any more: sides grow as their geometries are prepared.
    fn trim(&self) {
        let mut sides = self.sides.lock();
        let (mut kept, mut given): (VecDeque<_>, VecDeque<_>) =
            sides.drain(..).partition(|side| self.is_worth_it(side));
        while (kept.len() > MOST_SIDES || total(&kept) > self.most_bytes)
            && let Some(oldest) = kept.pop_front()
        {
            given.push_back(oldest);
        }
        *sides = kept;
        // What is given up takes a while to be taken apart.
        drop(sides);
        drop(given);
    }
}

fn total(sides: &VecDeque<Side>) -> usize {
    sides.iter().map(Side::bytes).sum()
}

/// Where the side of one join is kept.
#[derive(Debug, Clone)]
pub(crate) struct Keeping {
    cache: Arc<JoinCache>,
    key: Arc<Key>,
}

impl Keeping {
    pub(super) fn new(cache: &Arc<JoinCache>, key: Key) -> Self {
        Self { cache: Arc::clone(cache), key: Arc::new(key) }
    }

    /// Returns the rows, if another query left them here.
    pub(crate) fn find<T: Collected>(&self) -> Option<Arc<T>> {
        let rows: Arc<dyn Any + Send + Sync> = self.cache.find(&self.key)?;
        rows.downcast().ok()
    }

    /// Keeps the rows for other queries.
    pub(crate) fn keep<T: Collected>(&self, rows: &Arc<T>) {
        let rows: Arc<dyn Collected> = Arc::<T>::clone(rows);
        self.cache.keep(Side { key: Arc::clone(&self.key), rows });
    }

    /// Returns what sees to the size of the cache when a query has done with the rows.
    pub(super) fn lease(&self) -> Lease {
        Lease(Arc::clone(&self.cache))
    }
}

/// Sees to the size of the cache when it is dropped.
#[derive(Debug)]
pub(super) struct Lease(Arc<JoinCache>);

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.trim();
    }
}
