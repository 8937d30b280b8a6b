//! The database of a file, opened so that it can only be read.

use std::fmt::Write as _;
use std::path::{Path as LocalPath, PathBuf};
use std::sync::Arc;

use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt as _};
use rusqlite::{Connection, OpenFlags};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt as _;

use crate::FormatError;

/// A database on the local disk: the file itself, or a copy of a remote one.
#[derive(Debug)]
pub(super) struct DatabaseFile {
    path: PathBuf,
    /// What errors call it.
    pub(super) shown: Arc<str>,
    /// Removes a copy when it is no longer needed.
    _copy: Option<NamedTempFile>,
}

impl DatabaseFile {
    /// Finds a file, or copies it from where it is.
    pub(super) async fn fetch(
        store: &Arc<dyn ObjectStore>,
        location: &Path,
    ) -> Result<Self, FormatError> {
        let mut stream = match store.get(location).await?.payload {
            GetResultPayload::File(_, path) => {
                let shown = path.to_string_lossy().into();
                return Ok(Self { path, shown, _copy: None });
            }
            GetResultPayload::Stream(stream) => stream,
        };
        let copy = NamedTempFile::new()?;
        let mut file = tokio::fs::File::from_std(copy.reopen()?);
        while let Some(bytes) = stream.try_next().await? {
            file.write_all(&bytes).await?;
        }
        file.flush().await?;
        let path = copy.path().to_owned();
        Ok(Self { path, shown: location.as_ref().into(), _copy: Some(copy) })
    }

    /// Opens the database; blocking.
    pub(super) fn open(&self) -> Result<Connection, FormatError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(address(&self.path), flags);
        let connection = opened.map_err(|error| self.malformed(&error))?;
        // The schema is not ours: what it defines may call nothing with side effects.
        let settings = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; \
                        PRAGMA query_only = ON;";
        connection.execute_batch(settings).map_err(|error| self.malformed(&error))?;
        Ok(connection)
    }

    /// Returns the error for a database that cannot be read.
    pub(super) fn malformed(&self, error: &rusqlite::Error) -> FormatError {
        self.broken(error.to_string())
    }

    /// Returns the error for content that makes no sense.
    pub(super) fn broken(&self, reason: impl Into<String>) -> FormatError {
        FormatError::Malformed { path: self.shown.to_string(), offset: 0, reason: reason.into() }
    }
}

/// Returns the address of a file for the database. A file that nobody is writing is opened without
/// locks, so that nothing is made beside it.
fn address(path: &LocalPath) -> String {
    let text = path.to_string_lossy();
    let mut address = String::from("file:");
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                address.push(char::from(byte));
            }
            _ => {
                let _written = write!(address, "%{byte:02X}");
            }
        }
    }
    let is_being_written = PathBuf::from(format!("{text}-wal")).try_exists().unwrap_or(false);
    address.push_str(if is_being_written { "?mode=ro" } else { "?mode=ro&immutable=1" });
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_escaped() {
        let shown = address(LocalPath::new("/no such/50%?#é.gpkg"));
        assert_eq!(shown, "file:/no%20such/50%25%3F%23%C3%A9.gpkg?mode=ro&immutable=1");
    }
}
