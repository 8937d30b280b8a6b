//! The writes that are under way and the data that nobody needs any more.
//!
//! A write is noted before its first byte and forgotten when its result is visible or its files
//! are gone. What is still noted when a server starts belongs to one that was killed.

use chrono::{DateTime, Utc};
use rusqlite::{Transaction, params};
use uuid::Uuid;

use super::{Metastore, row};
use crate::CatalogError;

/// A write that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PendingWrite {
    /// The identity, which is part of the name of every file that the write makes.
    pub(crate) id: Uuid,
    /// What the write makes.
    pub(crate) kind: WriteKind,
    /// The table, directory or file, as a URL.
    pub(crate) location: String,
}

/// What a write makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WriteKind {
    /// Files inside a Delta table, visible by a commit after the given version.
    Delta {
        /// The version before the write, or none for a new table.
        base_version: Option<i64>,
    },
    /// A directory of its own, visible when an entry names it.
    Directory,
    /// A file with a name of its own, which gets its final name at the end.
    File,
}

impl Metastore {
    /// Notes a write before its first byte.
    pub(crate) fn begin_write(&self, write: &PendingWrite) -> Result<(), CatalogError> {
        let (kind, base_version) = match write.kind {
            WriteKind::Delta { base_version } => ("delta", base_version),
            WriteKind::Directory => ("directory", None),
            WriteKind::File => ("file", None),
        };
        self.connection.lock().execute(
            "INSERT INTO writes (id, kind, location, base_version, started_at) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                write.id.to_string(),
                kind,
                row::shorten(&write.location, &self.data_url),
                base_version,
                Utc::now().to_rfc3339(),
            ],
        )?;
        Ok(())
    }

    /// Forgets a write.
    pub(crate) fn end_write(&self, id: Uuid) -> Result<(), CatalogError> {
        self.connection
            .lock()
            .execute("DELETE FROM writes WHERE id = ?1", params![id.to_string()])?;
        Ok(())
    }

    /// Returns the writes that are noted.
    pub(crate) fn pending_writes(&self) -> Result<Vec<PendingWrite>, CatalogError> {
        let connection = self.connection.lock();
        let mut statement =
            connection.prepare("SELECT id, kind, location, base_version FROM writes")?;
        let mut rows = statement.query([])?;
        let mut writes = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, kind, location): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let id = Uuid::parse_str(&id)
                .map_err(|error| CatalogError::MetastoreContent { reason: error.to_string() })?;
            let kind = match kind.as_str() {
                "delta" => WriteKind::Delta { base_version: row.get(3)? },
                "directory" => WriteKind::Directory,
                _ => WriteKind::File,
            };
            let location = row::lengthen(&location, &self.data_url);
            writes.push(PendingWrite { id, kind, location });
        }
        Ok(writes)
    }

    /// Returns the data that can be removed, with the time since when nothing names it.
    pub(crate) fn garbage(&self) -> Result<Vec<(String, DateTime<Utc>)>, CatalogError> {
        let connection = self.connection.lock();
        let mut statement =
            connection.prepare("SELECT location, since FROM garbage ORDER BY rowid")?;
        let mut rows = statement.query([])?;
        let mut garbage = Vec::new();
        while let Some(row) = rows.next()? {
            let (location, since): (String, String) = (row.get(0)?, row.get(1)?);
            let since = DateTime::parse_from_rfc3339(&since)
                .map_err(|error| CatalogError::MetastoreContent { reason: error.to_string() })?;
            garbage.push((row::lengthen(&location, &self.data_url), since.with_timezone(&Utc)));
        }
        Ok(garbage)
    }

    /// Forgets data that was removed.
    pub(crate) fn remove_garbage(&self, location: &str) -> Result<(), CatalogError> {
        self.connection.lock().execute(
            "DELETE FROM garbage WHERE location = ?1",
            params![row::shorten(location, &self.data_url)],
        )?;
        Ok(())
    }

    pub(super) fn insert_garbage(
        &self,
        transaction: &Transaction<'_>,
        location: &str,
    ) -> Result<(), CatalogError> {
        transaction.execute(
            "INSERT OR IGNORE INTO garbage (location, since) VALUES (?1, ?2)",
            params![row::shorten(location, &self.data_url), Utc::now().to_rfc3339()],
        )?;
        Ok(())
    }
}

pub(super) fn delete(transaction: &Transaction<'_>, id: Uuid) -> Result<(), CatalogError> {
    transaction.execute("DELETE FROM writes WHERE id = ?1", params![id.to_string()])?;
    Ok(())
}
