//! What the names in the text of a view mean, for those who remember what the view looks like.

use godwit_catalog::{Entry, TableName};
use parking_lot::Mutex;
use uuid::Uuid;

use super::locate;
use super::scope::Scope;
use crate::rights::Rights;

/// A name in a text, and what it meant.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    parts: Vec<String>,
    /// The schema of unqualified names.
    schema: String,
    /// The table or view of the catalog; none for a table of the system and for what is defined in
    /// the text itself.
    entry: Option<Uuid>,
}

impl Source {
    /// Returns the table or view of the catalog, if there was one; an error when the name means
    /// something else by now.
    pub(crate) fn still_meant(&self, scope: &Scope) -> Result<Option<Entry>, Changed> {
        let home = Scope {
            schema: self.schema.clone(),
            rights: Rights::all(),
            ..scope.without_temporary()
        };
        let entry = locate::meant(&self.parts, &home);
        if entry.as_ref().map(|entry| entry.id) == self.entry { Ok(entry) } else { Err(Changed) }
    }
}

/// Says that a name means something else than it did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Changed;

/// The names that planning resolves, as it goes.
#[derive(Debug)]
pub(crate) struct Sources {
    /// Nothing once planning has opened what has no name in the catalog.
    resolved: Mutex<Option<Vec<Source>>>,
    /// The tables, views and locations that were opened, and whether the text itself names them
    /// or a view does.
    opened: Mutex<Vec<(TableName, bool)>>,
}

impl Default for Sources {
    fn default() -> Self {
        Self { resolved: Mutex::new(Some(Vec::new())), opened: Mutex::default() }
    }
}

impl Sources {
    /// Returns the names, unless planning has opened something else too, as a file.
    pub(crate) fn resolved(&self) -> Option<Vec<Source>> {
        self.resolved.lock().clone()
    }

    /// Returns the tables, views and locations that were opened, those inside of views too.
    pub(crate) fn opened(&self) -> Vec<TableName> {
        self.opened.lock().iter().map(|(name, _)| name.clone()).collect()
    }

    /// Returns the tables, views and locations that the text itself names.
    pub(crate) fn named(&self) -> Vec<TableName> {
        let opened = self.opened.lock();
        let mut named: Vec<TableName> =
            opened.iter().filter(|(_, is_named)| *is_named).map(|(name, _)| name.clone()).collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    pub(super) fn note_opened(&self, name: TableName, is_named: bool) {
        self.opened.lock().push((name, is_named));
    }

    pub(super) fn note(&self, parts: &[String], schema: &str, entry: Option<Uuid>) {
        if let Some(resolved) = self.resolved.lock().as_mut() {
            resolved.push(Source { parts: parts.to_vec(), schema: schema.to_owned(), entry });
        }
    }

    pub(super) fn note_file(&self) {
        *self.resolved.lock() = None;
    }
}
