//! The mirror of the metadata store in memory, by name whatever its letter case.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use uuid::Uuid;

use super::row;
use crate::name::key;
use crate::{CatalogError, Entry, TableName};

/// All schemas with their entries.
#[derive(Debug, Default)]
pub(super) struct Index {
    schemas: BTreeMap<String, Schema>,
}

#[derive(Debug)]
struct Schema {
    name: String,
    entries: BTreeMap<String, Entry>,
}

impl Index {
    /// Returns the index of everything in the store.
    pub(super) fn load(connection: &Connection, data_url: &str) -> Result<Self, CatalogError> {
        let mut index = Self::default();
        let mut statement = connection.prepare("SELECT name FROM schemas")?;
        for name in statement.query_map([], |row| row.get::<_, String>(0))? {
            index.add_schema(&name?);
        }
        let mut statement = connection.prepare(
            "SELECT t.id, s.name, t.name, t.kind, t.definition, t.comment, t.created_at \
             FROM tables t JOIN schemas s ON s.key = t.schema_key",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, schema, table): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let (kind, definition): (String, String) = (row.get(3)?, row.get(4)?);
            let created_at: String = row.get(6)?;
            let name = TableName { schema, table };
            let unreadable = |reason: String| CatalogError::MetastoreContent {
                reason: format!("table \"{name}\": {reason}"),
            };
            let id = Uuid::parse_str(&id).map_err(|error| unreadable(error.to_string()))?;
            let created_at = DateTime::parse_from_rfc3339(&created_at)
                .map_err(|error| unreadable(error.to_string()))?
                .with_timezone(&Utc);
            let kind = row::decode(&kind, &definition, data_url)?;
            index.put(Entry { name, id, kind, comment: row.get(5)?, created_at });
        }
        Ok(index)
    }

    pub(super) fn schema_names(&self) -> Vec<String> {
        self.schemas.values().map(|schema| schema.name.clone()).collect()
    }

    pub(super) fn schema(&self, name: &str) -> Option<String> {
        self.schemas.get(&key(name)).map(|schema| schema.name.clone())
    }

    pub(super) fn entries(&self, schema: &str) -> Vec<Entry> {
        let schema = self.schemas.get(&key(schema));
        schema.map(|schema| schema.entries.values().cloned().collect()).unwrap_or_default()
    }

    pub(super) fn all_entries(&self) -> Vec<Entry> {
        self.schemas.values().flat_map(|schema| schema.entries.values().cloned()).collect()
    }

    pub(super) fn entry(&self, name: &TableName) -> Option<Entry> {
        self.schemas.get(&key(&name.schema))?.entries.get(&key(&name.table)).cloned()
    }

    pub(super) fn add_schema(&mut self, name: &str) {
        let schema = Schema { name: name.to_owned(), entries: BTreeMap::new() };
        self.schemas.entry(key(name)).or_insert(schema);
    }

    pub(super) fn remove_schema(&mut self, name: &str) {
        self.schemas.remove(&key(name));
    }

    pub(super) fn put(&mut self, entry: Entry) {
        if let Some(schema) = self.schemas.get_mut(&key(&entry.name.schema)) {
            schema.entries.insert(key(&entry.name.table), entry);
        }
    }

    pub(super) fn remove(&mut self, name: &TableName) {
        if let Some(schema) = self.schemas.get_mut(&key(&name.schema)) {
            schema.entries.remove(&key(&name.table));
        }
    }
}
