//! The columns of views whose tables have not changed since they were planned.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use arrow::datatypes::SchemaRef;
use godwit_catalog::Entry;
use parking_lot::Mutex;
use uuid::Uuid;

use super::columns::{MAX_TABLES, SETTLED};
use crate::plan::{Scope, Source, Sources};

/// When tables last changed, by their identities.
pub(super) type Changes = HashMap<Uuid, SystemTime>;

/// The columns of views, with what they stand on.
#[derive(Debug, Default)]
pub(crate) struct KnownViews {
    by_id: Mutex<HashMap<Uuid, Arc<KnownView>>>,
}

/// A view as it was planned.
#[derive(Debug)]
pub(super) struct KnownView {
    columns: SchemaRef,
    sources: Vec<Source>,
    changes: Changes,
}

impl KnownView {
    /// Returns the tables that the view stands on; nothing when a name in its text means something
    /// else by now.
    pub(super) fn tables(&self, scope: &Scope) -> Option<Vec<Entry>> {
        let mut tables = Vec::new();
        for source in &self.sources {
            tables.extend(source.still_meant(scope).ok()?.filter(|entry| !entry.is_view()));
        }
        Some(tables)
    }

    /// Returns the columns, if the tables below have not changed.
    pub(super) fn columns(&self, now: &Changes) -> Option<SchemaRef> {
        let is_same = |(id, changed_at): (&Uuid, &SystemTime)| now.get(id) == Some(changed_at);
        self.changes.iter().all(is_same).then(|| SchemaRef::clone(&self.columns))
    }
}

impl KnownViews {
    /// Returns a view as it was planned, whatever has happened since.
    pub(super) fn get(&self, id: Uuid, scope: &Scope) -> Option<Arc<KnownView>> {
        // Settings of a session, as its time zone, may change what a text means.
        if !Arc::ptr_eq(&scope.origin, &scope.engine.start) {
            return None;
        }
        self.by_id.lock().get(&id).cloned()
    }

    /// Remembers the columns of a view that was planned at this time, if it stands on tables alone
    /// whose changes can be told.
    pub(super) async fn put(
        &self,
        id: Uuid,
        columns: SchemaRef,
        sources: &Sources,
        planned_at: SystemTime,
        scope: &Scope,
    ) {
        let Some(sources) = sources.resolved() else { return };
        if !Arc::ptr_eq(&scope.origin, &scope.engine.start) {
            return;
        }
        let view = KnownView { columns, sources, changes: Changes::new() };
        let Some(tables) = view.tables(scope) else { return };
        let changes = scope.engine.catalog.changed_at(&tables).await;
        let settled = |changed_at: &SystemTime| {
            planned_at.duration_since(*changed_at).is_ok_and(|age| age > SETTLED)
        };
        let mut known = Changes::with_capacity(tables.len());
        for (table, changed_at) in tables.iter().zip(changes) {
            let Some(changed_at) = changed_at.filter(settled) else { return };
            known.insert(table.id, changed_at);
        }
        let mut by_id = self.by_id.lock();
        if by_id.len() >= MAX_TABLES {
            by_id.clear();
        }
        by_id.insert(id, Arc::new(KnownView { changes: known, ..view }));
    }
}
