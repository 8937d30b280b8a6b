//! Prepared geometries of literals, kept between the batches of a query.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use godwit_geometry::{GeometryError, Prepared};

/// How many geometries are kept.
const CAPACITY: usize = 32;

/// How many bytes they may take together.
const BYTES: usize = 64 << 20;

static CACHE: Mutex<Cache> = Mutex::new(Cache { entries: VecDeque::new(), bytes: 0 });

/// Returns the prepared form of a geometry, from the cache if it was prepared lately.
pub(crate) fn prepare(wkb: &[u8]) -> Result<Arc<Prepared>, GeometryError> {
    if let Some(prepared) = lock(|cache| cache.find(wkb)) {
        return Ok(prepared);
    }
    let prepared = Arc::new(Prepared::new(wkb)?);
    lock(|cache| cache.insert(wkb, Arc::clone(&prepared)));
    Ok(prepared)
}

fn lock<T>(work: impl FnOnce(&mut Cache) -> T) -> T {
    work(&mut CACHE.lock().unwrap_or_else(PoisonError::into_inner))
}

struct Cache {
    /// The most recently used first.
    entries: VecDeque<Entry>,
    bytes: usize,
}

struct Entry {
    wkb: Box<[u8]>,
    prepared: Arc<Prepared>,
    size: usize,
}

impl Cache {
    fn find(&mut self, wkb: &[u8]) -> Option<Arc<Prepared>> {
        let index = self.entries.iter().position(|entry| *entry.wkb == *wkb)?;
        let entry = self.entries.remove(index)?;
        let prepared = Arc::clone(&entry.prepared);
        self.entries.push_front(entry);
        Some(prepared)
    }

    fn insert(&mut self, wkb: &[u8], prepared: Arc<Prepared>) {
        let size = wkb.len() + prepared.memory_size();
        if size > BYTES {
            return;
        }
        self.entries.push_front(Entry { wkb: wkb.into(), prepared, size });
        self.bytes += size;
        while self.entries.len() > CAPACITY || self.bytes > BYTES {
            let Some(dropped) = self.entries.pop_back() else {
                return;
            };
            self.bytes -= dropped.size;
        }
    }
}
