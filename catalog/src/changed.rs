//! When a table last got a version, told without opening it.

use std::path::PathBuf;
use std::time::SystemTime;

use datafusion::common::runtime::SpawnedTask;

use crate::open::delta_location;
use crate::{Catalog, Entry};

impl Catalog {
    /// Returns when the log of each Delta table on a local disk was last written to; none for
    /// anything else, and for what is not there.
    pub async fn changed_at(&self, entries: &[Entry]) -> Vec<Option<SystemTime>> {
        let logs: Vec<Option<PathBuf>> = entries.iter().map(log_directory).collect();
        let count = logs.len();
        let looked = SpawnedTask::spawn_blocking(move || {
            let changed = |log: PathBuf| std::fs::metadata(log).ok()?.modified().ok();
            logs.into_iter().map(|log| log.and_then(changed)).collect()
        });
        looked.await.unwrap_or_else(|_lost| vec![None; count])
    }
}

fn log_directory(entry: &Entry) -> Option<PathBuf> {
    let location = delta_location(entry).ok().flatten()?;
    Some(location.local_path()?.join("_delta_log"))
}
