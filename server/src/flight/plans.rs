//! What the server remembers about statement handles: plans, bound values, cancellations.
//!
//! Everything here but the content of large handles can be made again from the handle itself, so
//! forgetting costs a second planning and nothing else. A statement that writes and returns rows is
//! executed with the plan that is here, once, or not at all.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use godwit_engine::{Division, Prepared};
use parking_lot::Mutex;
use uuid::Uuid;

use super::handle::Handle;

/// The number of handles remembered at once.
const MAX_ENTRIES: usize = 2048;
/// The bytes of statement text and values remembered at once.
const MAX_BYTES: usize = 512 * 1024 * 1024;

/// What is remembered about one handle.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    /// The plan, until it is used or too old.
    pub(super) plan: Option<Prepared>,
    plan_expires_at: Option<Instant>,
    /// The query in shares, each of which is an endpoint.
    pub(super) division: Option<Division>,
    /// The content of a handle that is too large to travel.
    pub(super) content: Option<Arc<Handle>>,
    /// The values bound last, for clients that keep the handle they had before binding.
    pub(super) parameters: Option<Bytes>,
    /// Whether a client canceled the statement before it was executed.
    pub(super) canceled: bool,
    /// The queries that execute it now, one for each share that is read.
    pub(super) query_ids: Vec<Uuid>,
}

impl Memory {
    fn bytes(&self) -> usize {
        let content = self.content.as_ref().map_or(0, |handle| {
            handle.sql.len() + handle.parameters.as_ref().map_or(0, Bytes::len)
        });
        let plan = self.plan.as_ref().map_or(0, |plan| 4096 + plan.sql().len());
        let division = self.division.as_ref().map_or(0, |division| 4096 * division.count());
        content + plan + division + self.parameters.as_ref().map_or(0, Bytes::len)
    }
}

/// The memories of all handles, bounded in number, size and age.
#[derive(Debug, Default)]
pub(super) struct Plans {
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    by_id: HashMap<Uuid, Entry>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    memory: Memory,
    bytes: usize,
    expires_at: Instant,
}

impl Plans {
    /// Changes what is remembered about a handle, and remembers it at least for `life` from now.
    pub(super) fn remember(&self, id: Uuid, life: Duration, change: impl FnOnce(&mut Memory)) {
        let mut entries = self.entries.lock();
        let mut expires_at = Instant::now() + life;
        if let Some(entry) = entries.by_id.get(&id) {
            expires_at = expires_at.max(entry.expires_at);
        }
        let mut memory = entries.remove(id).unwrap_or_default();
        change(&mut memory);
        entries.make_room(memory.bytes());
        entries.insert(id, memory, expires_at);
    }

    /// Remembers a plan for `life`, however long the rest is remembered.
    pub(super) fn remember_plan(&self, id: Uuid, life: Duration, plan: Prepared) {
        self.remember(id, life, |memory| {
            memory.plan = Some(plan);
            memory.plan_expires_at = Some(Instant::now() + life);
        });
    }

    /// Changes what is remembered about a handle, if anything is.
    pub(super) fn amend(&self, id: Uuid, change: impl FnOnce(&mut Memory)) {
        let mut entries = self.entries.lock();
        let Some(entry) = entries.by_id.get(&id) else { return };
        let expires_at = entry.expires_at;
        let mut memory = entries.remove(id).unwrap_or_default();
        change(&mut memory);
        entries.insert(id, memory, expires_at);
    }

    /// Takes the plan of a handle, which nobody else gets after that.
    pub(super) fn take_plan(&self, id: Uuid) -> Option<Prepared> {
        let mut plan = None;
        self.amend(id, |memory| plan = memory.plan.take());
        plan
    }

    /// Returns what is remembered about a handle.
    pub(super) fn recall(&self, id: Uuid) -> Memory {
        let now = Instant::now();
        let entries = self.entries.lock();
        let mut memory = match entries.by_id.get(&id) {
            Some(entry) if entry.expires_at > now => entry.memory.clone(),
            _ => return Memory::default(),
        };
        if memory.plan_expires_at.is_some_and(|expires_at| expires_at <= now) {
            memory.plan = None;
        }
        memory
    }

    /// Drops what has expired.
    pub(super) fn tidy(&self) {
        let now = Instant::now();
        let mut entries = self.entries.lock();
        let old = entries.by_id.iter().filter(|(_, entry)| entry.expires_at <= now);
        let old: Vec<Uuid> = old.map(|(id, _)| *id).collect();
        for id in old {
            entries.remove(id);
        }
    }

    /// Forgets a handle.
    pub(super) fn forget(&self, id: Uuid) {
        self.entries.lock().remove(id);
    }
}

impl Entries {
    fn insert(&mut self, id: Uuid, memory: Memory, expires_at: Instant) {
        let bytes = memory.bytes();
        self.bytes += bytes;
        self.by_id.insert(id, Entry { memory, bytes, expires_at });
    }

    fn remove(&mut self, id: Uuid) -> Option<Memory> {
        let entry = self.by_id.remove(&id)?;
        self.bytes = self.bytes.saturating_sub(entry.bytes);
        Some(entry.memory)
    }

    /// Drops what has expired, then what expires first, until a new entry fits.
    fn make_room(&mut self, bytes: usize) {
        if self.by_id.len() < MAX_ENTRIES && self.bytes + bytes <= MAX_BYTES {
            return;
        }
        let mut order: Vec<(Instant, Uuid)> =
            self.by_id.iter().map(|(id, entry)| (entry.expires_at, *id)).collect();
        order.sort_unstable();
        let now = Instant::now();
        // An eighth at a time keeps the sorting rare.
        let keep = MAX_ENTRIES - MAX_ENTRIES / 8;
        for (expires_at, id) in order {
            let fits = self.by_id.len() <= keep && self.bytes + bytes <= MAX_BYTES;
            if fits && expires_at > now {
                break;
            }
            self.remove(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn changes_add_up_until_forgotten() {
        let plans = Plans::default();
        let id = Uuid::new_v4();
        plans.amend(id, |memory| memory.canceled = true);
        assert!(!plans.recall(id).canceled);
        plans.remember(id, MINUTE, |memory| memory.parameters = Some(Bytes::from_static(b"x")));
        plans.amend(id, |memory| memory.canceled = true);
        let memory = plans.recall(id);
        assert!(memory.canceled && memory.parameters.is_some());
        plans.forget(id);
        assert!(plans.recall(id).parameters.is_none());
        assert_eq!(plans.entries.lock().bytes, 0);
    }

    #[test]
    fn an_expired_memory_is_not_recalled() {
        let plans = Plans::default();
        let id = Uuid::new_v4();
        plans.remember(id, Duration::ZERO, |memory| memory.canceled = true);
        assert!(!plans.recall(id).canceled);
        assert_eq!(plans.entries.lock().by_id.len(), 1);
        plans.tidy();
        assert_eq!(plans.entries.lock().by_id.len(), 0);
    }

    #[test]
    fn the_number_of_memories_is_bounded() {
        let plans = Plans::default();
        for _ in 0..3 * MAX_ENTRIES {
            plans.remember(Uuid::new_v4(), MINUTE, |memory| {
                memory.parameters = Some(Bytes::from_static(b"0123456789"));
            });
        }
        let entries = plans.entries.lock();
        assert!(entries.by_id.len() <= MAX_ENTRIES);
        assert_eq!(entries.bytes, entries.by_id.len() * 10);
    }
}
