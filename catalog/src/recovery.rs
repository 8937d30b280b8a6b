//! Writes that came to no end: their files are removed, or their commit is accepted.

use std::io;
use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use datafusion::common::runtime::SpawnedTask;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::ObjectStoreExt as _;
use tracing::{info, warn};
use url::Url;

use crate::catalog::Inner;
use crate::location::Location;
use crate::metastore::{Metastore, PendingWrite, WriteKind};
use crate::writer::Target;
use crate::{Catalog, CatalogError, Written, delta, writer};

/// How long the tasks of a cancelled write are waited for.
const TASKS_END: Duration = Duration::from_secs(30);

/// Sees to it that a write ends: visible, or with its files removed.
#[derive(Debug)]
pub(crate) struct WriteGuard {
    catalog: Arc<Inner>,
    write: PendingWrite,
    /// What the tasks of the write hold as long as they run.
    tasks: Weak<Target>,
    is_open: bool,
}

impl WriteGuard {
    /// Notes a write, before its first byte.
    pub(crate) async fn begin(
        catalog: &Catalog,
        write: PendingWrite,
    ) -> Result<Self, CatalogError> {
        let noted = write.clone();
        catalog.inner.metastore.change(move |store| store.begin_write(&noted)).await?;
        let catalog = Arc::clone(&catalog.inner);
        Ok(Self { catalog, write, tasks: Weak::new(), is_open: true })
    }

    /// Has the end of the write wait for the tasks that hold the target.
    pub(crate) fn wait_for(&mut self, target: &Arc<Target>) {
        self.tasks = Arc::downgrade(target);
    }

    /// Ends a write: what was made is visible.
    pub(crate) async fn end(
        mut self,
        made: Result<Written, CatalogError>,
    ) -> Result<Written, CatalogError> {
        if made.is_err() {
            self.fail().await;
            return made;
        }
        let id = self.write.id;
        self.catalog.metastore.change(move |store| store.end_write(id)).await?;
        self.is_open = false;
        made
    }

    /// Ends a write whose entry was published together with the note's removal, unless somebody
    /// else published one in the meantime.
    pub(crate) async fn end_published(
        mut self,
        made: Result<Option<Written>, CatalogError>,
    ) -> Result<Written, CatalogError> {
        let Ok(Some(written)) = made else {
            self.fail().await;
            return made.map(Option::unwrap_or_default);
        };
        self.is_open = false;
        Ok(written)
    }

    /// Ends a write that failed, at once.
    async fn fail(mut self) {
        self.is_open = false;
        settle_later(Arc::clone(&self.catalog), self.write.clone(), Weak::clone(&self.tasks)).await;
    }
}

impl Drop for WriteGuard {
    fn drop(&mut self) {
        if !self.is_open || tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        let (catalog, write) = (Arc::clone(&self.catalog), self.write.clone());
        let settled = settle_later(catalog, write, Weak::clone(&self.tasks));
        self.catalog.keep(SpawnedTask::spawn(settled));
    }
}

async fn settle_later(catalog: Arc<Inner>, write: PendingWrite, tasks: Weak<Target>) {
    let patience = tokio::time::Instant::now() + TASKS_END;
    while tasks.strong_count() > 0 && tokio::time::Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    if let Err(error) = catalog.settle(&write).await {
        warn!(%error, location = write.location, "failed write not cleaned up yet");
    }
}

impl Inner {
    /// Ends all writes of a server that was killed, and removes what nobody names.
    pub(crate) async fn recover(&self) -> Result<(), CatalogError> {
        for write in self.metastore.change(Metastore::pending_writes).await? {
            match Box::pin(self.settle(&write)).await {
                Ok(()) => info!(location = write.location, "interrupted write cleaned up"),
                // The store may be away for now. The note stays for the next start.
                Err(error) => {
                    warn!(%error, location = write.location, "interrupted write not cleaned up");
                }
            }
        }
        self.discard_temporary().await?;
        if let Err(error) = self.sweep(chrono::TimeDelta::zero()).await {
            warn!(%error, "unused table data not removed");
        }
        Ok(())
    }

    /// Ends a write: if it is not visible, its files are removed.
    pub(crate) async fn settle(&self, write: &PendingWrite) -> Result<(), CatalogError> {
        match write.kind {
            WriteKind::Delta { base_version } => self.settle_delta(write, base_version).await?,
            WriteKind::Directory => {
                if !self.is_named(&write.location) {
                    self.remove_directory(&write.location).await?;
                }
            }
            WriteKind::File => {
                let location = place(&write.location)?;
                if let Some(directory) = location.local_path().as_deref().and_then(Path::parent) {
                    remove_local_files(directory, write).await?;
                    return self.forget(write).await;
                }
                let store = self.stores.store(&location)?;
                match store.delete(&location.path()?).await {
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                    Err(error) => return Err(CatalogError::storage(&write.location, error)),
                }
            }
        }
        self.forget(write).await
    }

    async fn forget(&self, write: &PendingWrite) -> Result<(), CatalogError> {
        let id = write.id;
        self.metastore.change(move |store| store.end_write(id)).await
    }

    async fn settle_delta(
        &self,
        write: &PendingWrite,
        base_version: Option<i64>,
    ) -> Result<(), CatalogError> {
        let location = place(&write.location)?;
        let log = delta::log_store(&self.stores, &location)?;
        let landed = Box::pin(delta::landed(&log, base_version, write.id)).await?;
        let is_new = base_version.is_none() && !self.is_named(&write.location);
        match landed {
            // A new table without an entry was committed by us and by nobody since.
            Some(0) if is_new && delta::newest_version(&log).await? == 0 => {
                delta::remove_first_version(&log).await?;
            }
            Some(_) => return Ok(()),
            None => {}
        }
        if let Some(directory) = location.local_path() {
            return remove_local_files(&directory, write).await;
        }
        let store = log.object_store(None);
        writer::remove_files(store.as_ref(), &write.location, write.id).await
    }

    fn is_named(&self, location: &str) -> bool {
        self.metastore.all_entries().iter().any(|entry| entry.location() == Some(location))
    }

    /// Removes a directory that Godwit made, with all that is in it.
    pub(crate) async fn remove_directory(&self, url: &str) -> Result<(), CatalogError> {
        let location = place(url)?;
        let Some(path) = location.local_path() else {
            let store = self.stores.store(&location)?;
            let prefix = location.path()?;
            let files = store.list(Some(&prefix)).map_ok(|meta| meta.location).boxed();
            return store
                .delete_stream(files)
                .try_for_each(|_| futures::future::ready(Ok(())))
                .await
                .map_err(|error| CatalogError::storage(url, error));
        };
        let data_directory = self.data_directory.clone();
        let removed = SpawnedTask::spawn_blocking(move || {
            match std::fs::remove_dir_all(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            // A version directory leaves the directory of its table behind, when it was the last.
            match path.parent() {
                Some(parent)
                    if parent.starts_with(&data_directory)
                        && parent.parent().is_some_and(|above| above != data_directory) =>
                {
                    let _still_used = std::fs::remove_dir(parent);
                }
                _ => {}
            }
            Ok(())
        });
        removed
            .await
            .map_err(|_lost| CatalogError::TaskLost)?
            .map_err(|error| CatalogError::io(url, error))
    }
}

/// Removes the files of a write below a local directory.
///
/// A killed upload leaves a file that the object store does not list, with a suffix of its own.
async fn remove_local_files(directory: &Path, write: &PendingWrite) -> Result<(), CatalogError> {
    let (directory, marker) = (directory.to_owned(), write.id.simple().to_string());
    let is_table = write.kind != WriteKind::File;
    let removed = SpawnedTask::spawn_blocking(move || {
        let mut pending = vec![directory];
        while let Some(directory) = pending.pop() {
            let entries = match std::fs::read_dir(directory) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    if is_table && entry.file_name() != "_delta_log" {
                        pending.push(entry.path());
                    }
                } else if entry.file_name().to_string_lossy().contains(&marker) {
                    std::fs::remove_file(entry.path())?;
                }
            }
        }
        Ok::<_, io::Error>(())
    });
    removed
        .await
        .map_err(|_lost| CatalogError::TaskLost)?
        .map_err(|error| CatalogError::io(write.location.as_str(), error))
}

fn place(url: &str) -> Result<Location, CatalogError> {
    let url = Url::parse(url).map_err(|error| CatalogError::InvalidLocation {
        location: url.to_owned(),
        reason: error.to_string(),
    })?;
    Ok(Location::from_url(url))
}
