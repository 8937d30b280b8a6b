//! The end of the log of a Delta table, which tells whether it is still the log that was read.

use deltalake_core::DeltaTable;
use deltalake_core::logstore::{LogStore as _, LogStoreRef};
use futures::TryStreamExt as _;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore as _};

/// How many digits a version has in the name of its file.
const VERSION_DIGITS: usize = 20;

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

    /// Returns the mark of the version that was loaded, unless it was loaded from another file.
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
    let is_whole =
        rest == ".json" || (rest.starts_with(".checkpoint") && rest.ends_with("parquet"));
    if is_whole { version.parse().ok() } else { None }
}

fn is_commit(file: &Path) -> bool {
    file.extension() == Some("json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_log_have_versions() {
        let version = |file: &str| version_of(&Path::from("_delta_log"), &Path::from(file));
        assert_eq!(version("_delta_log/00000000000000000012.json"), Some(12));
        assert_eq!(version("_delta_log/00000000000000000010.checkpoint.parquet"), Some(10));
        assert_eq!(version("_delta_log/00000000000000000010.crc"), None);
        assert_eq!(version("_delta_log/_last_checkpoint"), None);
        assert_eq!(version("_delta_log/_staged_commits/00000000000000000012.json"), None);
    }
}
