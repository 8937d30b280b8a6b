//! The columns of tables that have not changed since they were listed.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use arrow::datatypes::SchemaRef;
use parking_lot::Mutex;
use uuid::Uuid;

/// How many tables are remembered.
pub(super) const MAX_TABLES: usize = 100_000;

/// How long ago a table must have changed for the time of it to tell two changes apart: clocks of
/// file systems are coarse.
pub(super) const SETTLED: Duration = Duration::from_millis(100);

/// The columns of tables, with the time of the last change when they were read.
#[derive(Debug, Default)]
pub(crate) struct KnownColumns {
    by_id: Mutex<HashMap<Uuid, (SystemTime, SchemaRef)>>,
}

impl KnownColumns {
    /// Returns the columns of a table that last changed at this time, if they are known.
    pub(super) fn get(&self, id: Uuid, changed_at: SystemTime) -> Option<SchemaRef> {
        let known = self.by_id.lock();
        let (read_at, columns) = known.get(&id)?;
        (*read_at == changed_at).then(|| SchemaRef::clone(columns))
    }

    /// Remembers columns that were read after this time of the last change was.
    pub(super) fn put(&self, id: Uuid, changed_at: SystemTime, columns: SchemaRef) {
        if !changed_at.elapsed().is_ok_and(|age| age > SETTLED) {
            return;
        }
        let mut known = self.by_id.lock();
        if known.len() >= MAX_TABLES {
            known.clear();
        }
        known.insert(id, (changed_at, columns));
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::Schema;

    use super::*;

    #[test]
    fn columns_are_those_of_one_version() {
        let known = KnownColumns::default();
        let (id, columns) = (Uuid::now_v7(), SchemaRef::new(Schema::empty()));
        let long_ago = SystemTime::now() - Duration::from_secs(9);
        known.put(id, long_ago, SchemaRef::clone(&columns));
        assert!(known.get(id, long_ago).is_some());
        assert!(known.get(id, long_ago + Duration::from_nanos(1)).is_none());
        assert!(known.get(Uuid::now_v7(), long_ago).is_none());
        let now = SystemTime::now();
        known.put(id, now, columns);
        assert!(known.get(id, now).is_none(), "another change may have the same time");
    }
}
