//! The tables of the metadata store and how older stores are brought up to date.

use rusqlite::Connection;

use crate::CatalogError;

/// The steps from an empty file to the present. A released step is never edited.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE schemas (
        key TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        created_at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE tables (
        id TEXT PRIMARY KEY NOT NULL,
        schema_key TEXT NOT NULL REFERENCES schemas (key),
        key TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        definition TEXT NOT NULL,
        comment TEXT,
        created_at TEXT NOT NULL,
        UNIQUE (schema_key, key)
    ) STRICT;
    CREATE TABLE writes (
        id TEXT PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL,
        location TEXT NOT NULL,
        base_version INTEGER,
        started_at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE garbage (
        location TEXT PRIMARY KEY NOT NULL,
        since TEXT NOT NULL
    ) STRICT;
"];

/// Applies the migrations that the store has not seen.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), CatalogError> {
    let transaction = connection.transaction()?;
    let version: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let Some(missing) = MIGRATIONS.get(version as usize..) else {
        return Err(CatalogError::MetastoreContent {
            reason: format!(
                "it has version {version}, this server knows versions up to {}",
                MIGRATIONS.len()
            ),
        });
    };
    for migration in missing {
        transaction.execute_batch(migration)?;
    }
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}
