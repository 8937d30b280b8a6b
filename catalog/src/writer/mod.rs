//! Streams of rows to the data files of a Delta table: in parallel, with bounded memory.

mod file;
mod stream;

use std::sync::Arc;

use datafusion::common::runtime::SpawnedTask;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryPool;
use deltalake_core::kernel::Add;
use futures::stream::FuturesUnordered;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::ObjectStore;
use object_store::path::Path;
use uuid::Uuid;

use crate::delta::StoredSchema;
use crate::{CatalogError, Written};

/// Where rows go and in which shape.
#[derive(Debug)]
pub(crate) struct Target {
    /// The table, for messages.
    pub(crate) location: String,
    /// The files of the table, with the table's directory as its root.
    pub(crate) store: Arc<dyn ObjectStore>,
    /// The write, whose identity is in the name of every file.
    pub(crate) write: Uuid,
    /// The columns.
    pub(crate) schema: StoredSchema,
    /// The columns that become directories.
    pub(crate) partition_by: Vec<String>,
    /// The size at which a file is full.
    pub(crate) file_bytes: usize,
    /// The size of the parts in which a file goes to its store.
    pub(crate) part_bytes: usize,
    /// Where the buffers are booked.
    pub(crate) memory: Arc<dyn MemoryPool>,
}

/// The files that a write made.
#[derive(Debug, Default)]
pub(crate) struct WrittenFiles {
    /// The actions that add them.
    pub(crate) adds: Vec<Add>,
    /// The rows in them.
    pub(crate) rows: u64,
}

impl WrittenFiles {
    /// Returns what was written, before it is committed.
    pub(crate) fn summary(&self) -> Written {
        let bytes = self.adds.iter().filter_map(|add| u64::try_from(add.size).ok()).sum();
        Written { rows: self.rows, bytes, files: self.adds.len(), version: None }
    }
}

/// Writes the rows of all streams, each on a task of its own.
///
/// The files are not part of the table until they are committed. After an error, or when the
/// future is dropped, the caller removes what is there.
pub(crate) async fn write(
    target: Arc<Target>,
    streams: Vec<SendableRecordBatchStream>,
) -> Result<WrittenFiles, CatalogError> {
    let mut tasks = FuturesUnordered::new();
    for (number, stream) in streams.into_iter().enumerate() {
        let target = Arc::clone(&target);
        tasks.push(SpawnedTask::spawn(stream::write_stream(target, number, stream)));
    }
    let mut written = WrittenFiles::default();
    while let Some(finished) = tasks.next().await {
        let files = finished.unwrap_or(Err(CatalogError::TaskLost))?;
        written.adds.extend(files.adds);
        written.rows += files.rows;
    }
    written.adds.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(written)
}

/// Removes the files of a write that did not become part of its table.
pub(crate) async fn remove_files(
    store: &dyn ObjectStore,
    location: &str,
    write: Uuid,
) -> Result<(), CatalogError> {
    let failed = |error| CatalogError::storage(location, error);
    let marker = write.simple().to_string();
    let files: Vec<Path> = store
        .list(None)
        .try_filter_map(|meta| {
            let is_ours = is_data_file_of(&meta.location, &marker);
            futures::future::ready(Ok(is_ours.then_some(meta.location)))
        })
        .try_collect()
        .await
        .map_err(failed)?;
    for file in files {
        match object_store::ObjectStoreExt::delete(store, &file).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(())
}

/// Returns whether a data file was written here, by its name.
pub(crate) fn is_own_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parts: Vec<&str> = name.split('-').collect();
    // Other writers have dashes in the identity of a write.
    let [part, _number, write, count] = parts.as_slice() else { return false };
    *part == "part"
        && Uuid::try_parse(write).is_ok()
        && count.starts_with('c')
        && count.ends_with(".zstd.parquet")
}

fn is_data_file_of(path: &Path, marker: &str) -> bool {
    !path.as_ref().starts_with("_delta_log")
        && path.filename().is_some_and(|name| name.contains(marker))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_files_are_known_by_their_names() {
        let write = Uuid::now_v7();
        assert!(is_own_file(&format!("a=1/part-00000-{}-c000.zstd.parquet", write.simple())));
        for other in [
            format!("part-00000-{write}-c000.zstd.parquet"),
            format!("part-00000-{}-c000.snappy.parquet", write.simple()),
            "part-00000-x-c000.zstd.parquet".to_owned(),
        ] {
            assert!(!is_own_file(&other), "{other}");
        }
    }
}
