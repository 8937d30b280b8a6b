//! The end of the log of a Delta table, which tells whether it is still the log that was read.

use deltalake_core::DeltaTable;
use deltalake_core::logstore::{LogStore as _, LogStoreRef};
use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore as _};

/// How many digits a version has in the name of its file.
const VERSION_DIGITS: usize = 20;
/// What follows the version in the name of a commit.
const COMMIT: &str = ".json";

/// The files of a log from one version on.
#[derive(Debug)]
pub(super) struct Tail {
    files: Vec<(i64, ObjectMeta)>,
}

impl Tail {
    /// Lists the log from a version on.
    pub(super) async fn list(log: &LogStoreRef, version: i64) -> object_store::Result<Self> {
        // All files of the version come after this name.
        let before = format!("{}/{version:0width$}", log.log_path(), width = VERSION_DIGITS);
        let store = log.object_store(None);
        let mut listing = store.list_with_offset(Some(log.log_path()), &Path::from(before));
        let mut files = Vec::new();
        while let Some(meta) = listing.try_next().await? {
            if let Some(version) = version_of(log.log_path(), &meta.location) {
                files.push((version, meta));
            }
        }
        Ok(Self { files })
    }

    /// Returns the newest version.
    pub(super) fn newest(&self) -> Option<i64> {
        self.files.iter().map(|(version, _)| *version).max()
    }

    /// Returns the file that tells a version from the one of another log: its commit, or its
    /// checkpoint when the commit was cleaned up.
    pub(super) fn mark(&self, version: i64) -> Option<&ObjectMeta> {
        let mut files = self.files.iter().filter(|(other, _)| *other == version);
        let commit = files.clone().find(|(_, meta)| is_commit(&meta.location));
        commit.or_else(|| files.next()).map(|(_, meta)| meta)
    }

    /// Returns the mark of the version that was loaded, by a listing made after that.
    pub(super) async fn mark_of_loaded(table: &DeltaTable) -> Option<ObjectMeta> {
        let version = i64::try_from(table.version()?).ok()?;
        Self::list(&table.log_store(), version).await.ok()?.mark_of(table)
    }

    /// Returns the mark of the version that was loaded, unless it was loaded from another file or
    /// came after the listing.
    pub(super) fn mark_of(&self, table: &DeltaTable) -> Option<ObjectMeta> {
        let version = table.version()?;
        let mark = self.mark(i64::try_from(version).ok()?)?;
        let read = table.snapshot().ok()?.version_timestamp(version);
        let is_same = read.is_none_or(|read| {
            !is_commit(&mark.location) || read == mark.last_modified.timestamp_millis()
        });
        is_same.then(|| mark.clone())
    }
}

/// Returns the version of a file directly in the log.
fn version_of(log: &Path, file: &Path) -> Option<i64> {
    let mut parts = file.prefix_match(log)?;
    let (name, below) = (parts.next()?, parts.next());
    if below.is_some() {
        return None;
    }
    let (version, rest) = name.as_ref().split_at_checked(VERSION_DIGITS)?;
    // The top of a checkpoint may be JSON.
    let is_checkpoint =
        rest.starts_with(".checkpoint.") && matches!(file.extension(), Some("parquet" | "json"));
    if rest == COMMIT || is_checkpoint { version.parse().ok() } else { None }
}

fn is_commit(file: &Path) -> bool {
    let name = file.filename().and_then(|name| name.split_at_checked(VERSION_DIGITS));
    name.is_some_and(|(_, rest)| rest == COMMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_log_have_versions() {
        let version = |file: &str| version_of(&Path::from("_delta_log"), &Path::from(file));
        assert_eq!(version("_delta_log/00000000000000000012.json"), Some(12));
        assert_eq!(version("_delta_log/00000000000000000010.checkpoint.parquet"), Some(10));
        let parts = "_delta_log/00000000000000000010.checkpoint.0000000001.0000000002.parquet";
        assert_eq!(version(parts), Some(10));
        assert_eq!(version("_delta_log/00000000000000000010.crc"), None);
        assert_eq!(version("_delta_log/00000000000000000010.checkpoint"), None);
        assert_eq!(version("_delta_log/_last_checkpoint"), None);
        assert_eq!(version("_delta_log/_staged_commits/00000000000000000012.json"), None);
    }

    #[test]
    fn a_checkpoint_in_json_marks_a_version_without_its_commit() {
        let file = |name: &str| {
            let location = Path::from(format!("_delta_log/{name}"));
            let meta = ObjectMeta {
                location,
                last_modified: chrono::DateTime::UNIX_EPOCH,
                size: 1,
                e_tag: None,
                version: None,
            };
            (version_of(&Path::from("_delta_log"), &meta.location).unwrap(), meta)
        };
        let checkpoint =
            "00000000000000000010.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json";
        let mut tail = Tail { files: vec![file(checkpoint), file("00000000000000000011.json")] };
        assert_eq!(tail.mark(10).unwrap().location.filename(), Some(checkpoint));
        assert_eq!(tail.newest(), Some(11));
        tail.files.push(file("00000000000000000010.json"));
        assert!(is_commit(&tail.mark(10).unwrap().location));
    }
}
