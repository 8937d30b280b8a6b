//! The durable metadata: schemas, tables, views, and the writes that are under way.
//!
//! `SQLite` is the truth; an index in memory mirrors it, so that a name is found without a disk
//! access. Every change is one transaction that is applied to the index after it is on disk.
//! Changes block for as long as the disk takes, so async callers go through
//! [`Metastore::change`].

mod index;
mod migration;
mod row;
mod write;

use std::path::Path;
use std::sync::Arc;

use chrono::Utc;
use datafusion::common::runtime::SpawnedTask;
use parking_lot::{Mutex, RwLock};
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use self::index::Index;
use crate::name::key;
use crate::{CatalogError, CreateMode, Entry, TableName};

pub(crate) use self::write::{PendingWrite, WriteKind};

/// The metadata store of one data directory.
#[derive(Debug)]
pub(crate) struct Metastore {
    connection: Mutex<Connection>,
    index: RwLock<Index>,
    /// Stands in definitions for the data directory, so that it can be moved.
    data_url: String,
}

/// What became of a new entry.
#[derive(Debug)]
pub(crate) enum Published {
    /// It is in the catalog.
    Done,
    /// An object of the name was there and was left alone.
    Skipped,
}

impl Metastore {
    /// Returns the store in `file`, made or migrated if need be.
    pub(crate) fn open(file: &Path, data_url: String) -> Result<Self, CatalogError> {
        let mut connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        migration::migrate(&mut connection)?;
        let index = Index::load(&connection, &data_url)?;
        Ok(Self { connection: Mutex::new(connection), index: RwLock::new(index), data_url })
    }

    /// Runs a change on a thread that may block.
    pub(crate) async fn change<T, F>(self: &Arc<Self>, change: F) -> Result<T, CatalogError>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, CatalogError> + Send + 'static,
    {
        let store = Arc::clone(self);
        SpawnedTask::spawn_blocking(move || change(&store))
            .await
            .unwrap_or(Err(CatalogError::TaskLost))
    }

    /// Returns the schemas by name.
    pub(crate) fn schema_names(&self) -> Vec<String> {
        self.index.read().schema_names()
    }

    /// Returns the spelling of a schema that exists.
    pub(crate) fn schema(&self, name: &str) -> Option<String> {
        self.index.read().schema(name)
    }

    /// Returns the tables and views of a schema by name.
    pub(crate) fn entries(&self, schema: &str) -> Vec<Entry> {
        self.index.read().entries(schema)
    }

    /// Returns every table and view.
    pub(crate) fn all_entries(&self) -> Vec<Entry> {
        self.index.read().all_entries()
    }

    /// Returns a table or view.
    pub(crate) fn entry(&self, name: &TableName) -> Option<Entry> {
        self.index.read().entry(name)
    }

    /// Adds a schema, unless it exists.
    pub(crate) fn create_schema(&self, name: &str) -> Result<bool, CatalogError> {
        let connection = self.connection.lock();
        if self.schema(name).is_some() {
            return Ok(false);
        }
        connection.execute(
            "INSERT INTO schemas (key, name, created_at) VALUES (?1, ?2, ?3)",
            params![key(name), name, Utc::now().to_rfc3339()],
        )?;
        self.index.write().add_schema(name);
        Ok(true)
    }

    /// Removes a schema with everything in it and returns what was in it.
    pub(crate) fn drop_schema(
        &self,
        name: &str,
        cascade: bool,
    ) -> Result<Vec<Entry>, CatalogError> {
        let mut connection = self.connection.lock();
        if self.schema(name).is_none() {
            return Err(CatalogError::SchemaNotFound { schema: name.to_owned() });
        }
        let entries = self.entries(name);
        if !entries.is_empty() && !cascade {
            return Err(CatalogError::SchemaNotEmpty {
                schema: name.to_owned(),
                tables: entries.len(),
            });
        }
        let transaction = connection.transaction()?;
        for location in entries.iter().filter_map(Entry::managed_location) {
            self.insert_garbage(&transaction, location)?;
        }
        transaction.execute("DELETE FROM tables WHERE schema_key = ?1", params![key(name)])?;
        transaction.execute("DELETE FROM schemas WHERE key = ?1", params![key(name)])?;
        transaction.commit()?;
        self.index.write().remove_schema(name);
        Ok(entries)
    }

    /// Puts an entry under its name and ends the write that made it, in one transaction.
    ///
    /// With [`CreateMode::Replace`] the managed data of a replaced entry becomes garbage, unless
    /// the new entry uses the same place.
    pub(crate) fn publish(
        &self,
        mut entry: Entry,
        mode: CreateMode,
        write: Option<Uuid>,
    ) -> Result<Published, CatalogError> {
        let mut connection = self.connection.lock();
        let Some(schema) = self.schema(&entry.name.schema) else {
            return Err(CatalogError::SchemaNotFound { schema: entry.name.schema });
        };
        entry.name.schema = schema;
        let old = self.entry(&entry.name);
        match (&old, mode) {
            (Some(_), CreateMode::ErrorIfExists) => {
                return Err(CatalogError::DuplicateTable { name: entry.name });
            }
            (Some(_), CreateMode::IfNotExists) => return Ok(Published::Skipped),
            (Some(old), CreateMode::Replace) if old.is_view() != entry.is_view() => {
                let (found, expected) =
                    if old.is_view() { ("view", "table") } else { ("table", "view") };
                return Err(CatalogError::WrongKind { name: entry.name, found, expected });
            }
            _ => {}
        }
        let transaction = connection.transaction()?;
        if let Some(old) = &old {
            transaction.execute("DELETE FROM tables WHERE id = ?1", params![old.id.to_string()])?;
            if let Some(location) = old.managed_location()
                && entry.location() != Some(location)
            {
                self.insert_garbage(&transaction, location)?;
            }
        }
        self.insert_entry(&transaction, &entry)?;
        if let Some(write) = write {
            write::delete(&transaction, write)?;
        }
        transaction.commit()?;
        self.index.write().put(entry);
        Ok(Published::Done)
    }

    /// Removes an entry; its managed data becomes garbage.
    pub(crate) fn remove(&self, name: &TableName) -> Result<Option<Entry>, CatalogError> {
        let mut connection = self.connection.lock();
        let Some(entry) = self.entry(name) else {
            return Ok(None);
        };
        let transaction = connection.transaction()?;
        transaction.execute("DELETE FROM tables WHERE id = ?1", params![entry.id.to_string()])?;
        if let Some(location) = entry.managed_location() {
            self.insert_garbage(&transaction, location)?;
        }
        transaction.commit()?;
        self.index.write().remove(name);
        Ok(Some(entry))
    }

    /// Sets or clears the comment of an entry.
    pub(crate) fn set_comment(
        &self,
        name: &TableName,
        comment: Option<String>,
    ) -> Result<(), CatalogError> {
        let connection = self.connection.lock();
        let Some(mut entry) = self.entry(name) else {
            return Err(CatalogError::TableNotFound { name: name.clone() });
        };
        connection.execute(
            "UPDATE tables SET comment = ?2 WHERE id = ?1",
            params![entry.id.to_string(), comment],
        )?;
        entry.comment = comment;
        self.index.write().put(entry);
        Ok(())
    }

    fn insert_entry(
        &self,
        transaction: &Transaction<'_>,
        entry: &Entry,
    ) -> Result<(), CatalogError> {
        let (kind, definition) = row::encode(&entry.kind, &self.data_url);
        transaction.execute(
            "INSERT INTO tables (id, schema_key, key, name, kind, definition, comment, created_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                entry.id.to_string(),
                key(&entry.name.schema),
                key(&entry.name.table),
                entry.name.table,
                kind,
                definition.to_string(),
                entry.comment,
                entry.created_at.to_rfc3339(),
            ],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DeltaTable, EntryKind, ExternalTable};

    fn store(directory: &Path) -> Metastore {
        Metastore::open(&directory.join("m.sqlite"), "file:///data/".to_owned()).unwrap()
    }

    fn entry(table: &str, kind: EntryKind) -> Entry {
        Entry {
            name: TableName::new("PUBLIC", table),
            id: Uuid::now_v7(),
            kind,
            comment: Some("a comment".to_owned()),
            created_at: Utc::now(),
        }
    }

    fn managed(location: &str) -> EntryKind {
        EntryKind::Delta(DeltaTable { location: location.to_owned(), managed: true })
    }

    #[test]
    fn entries_survive_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let external = ExternalTable {
            format: Some("CSV".to_owned()),
            location: "x/*.csv".to_owned(),
            partition_columns: vec![
                ("year".to_owned(), Some(arrow::datatypes::DataType::Int32)),
                ("m".to_owned(), None),
            ],
            options: [("delimiter".to_owned(), ";".to_owned())].into(),
        };
        let made = [
            entry("Cities", EntryKind::External(external)),
            entry("d", managed("file:///data/tables/1/")),
            entry("v", EntryKind::View { sql: "SELECT 'x'  -- as typed".to_owned(), reads: None }),
            entry(
                "w",
                EntryKind::View {
                    sql: "SELECT * FROM d, '/a.csv'".to_owned(),
                    reads: Some(vec![TableName::new("public", "d"), TableName::new("", "/a.csv")]),
                },
            ),
        ];
        let store1 = store(directory.path());
        store1.create_schema("public").unwrap();
        for entry in &made {
            store1.publish(entry.clone(), CreateMode::ErrorIfExists, None).unwrap();
        }
        drop(store1);

        let store2 = store(directory.path());
        let found = store2.entry(&TableName::new("Public", "CITIES")).unwrap();
        assert_eq!(found.name, TableName::new("public", "Cities"));
        assert_eq!(found.kind, made[0].kind);
        assert_eq!(found.comment.as_deref(), Some("a comment"));
        for entry in &made {
            assert_eq!(store2.entry(&entry.name).unwrap().kind, entry.kind);
        }
        assert_eq!(store2.entries("public").len(), 4);
    }

    #[test]
    fn names_are_unique_whatever_their_case() {
        let directory = tempfile::tempdir().unwrap();
        let store = store(directory.path());
        store.create_schema("public").unwrap();
        store.publish(entry("a", managed("l1")), CreateMode::ErrorIfExists, None).unwrap();
        let again = store.publish(entry("A", managed("l2")), CreateMode::ErrorIfExists, None);
        assert!(matches!(again, Err(CatalogError::DuplicateTable { .. })));
        let skipped = store.publish(entry("A", managed("l2")), CreateMode::IfNotExists, None);
        assert!(matches!(skipped, Ok(Published::Skipped)));
        let view = entry("A", EntryKind::View { sql: String::new(), reads: None });
        let view = store.publish(view, CreateMode::Replace, None);
        assert!(matches!(view, Err(CatalogError::WrongKind { .. })));
    }

    #[test]
    fn replaced_and_removed_data_becomes_garbage_once() {
        let directory = tempfile::tempdir().unwrap();
        let store = store(directory.path());
        store.create_schema("public").unwrap();
        store.publish(entry("a", managed("l1")), CreateMode::Replace, None).unwrap();
        store.publish(entry("a", managed("l1")), CreateMode::Replace, None).unwrap();
        assert_eq!(store.garbage().unwrap().len(), 0);
        store.publish(entry("a", managed("l2")), CreateMode::Replace, None).unwrap();
        store.remove(&TableName::new("public", "a")).unwrap();
        let garbage: Vec<String> =
            store.garbage().unwrap().into_iter().map(|(location, _)| location).collect();
        assert_eq!(garbage, ["l1", "l2"]);
    }

    #[test]
    fn a_schema_with_tables_needs_cascade() {
        let directory = tempfile::tempdir().unwrap();
        let store = store(directory.path());
        assert!(store.create_schema("s").unwrap());
        assert!(!store.create_schema("S").unwrap());
        let mut made = entry("a", managed("l1"));
        made.name.schema = "s".to_owned();
        store.publish(made, CreateMode::ErrorIfExists, None).unwrap();
        assert!(matches!(store.drop_schema("s", false), Err(CatalogError::SchemaNotEmpty { .. })));
        assert_eq!(store.drop_schema("S", true).unwrap().len(), 1);
        assert!(store.schema("s").is_none());
    }

    #[test]
    fn a_newer_store_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        drop(store(directory.path()));
        let connection = Connection::open(directory.path().join("m.sqlite")).unwrap();
        connection.pragma_update(None, "user_version", 999).unwrap();
        drop(connection);
        let opened = Metastore::open(&directory.path().join("m.sqlite"), String::new());
        assert!(matches!(opened, Err(CatalogError::MetastoreContent { .. })));
    }
}
