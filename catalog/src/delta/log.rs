//! Opening the log of a Delta table on any object store.

use std::sync::Arc;

use deltalake_core::DeltaTable;
use deltalake_core::logstore::{
    LogStore as _, LogStoreRef, StorageConfig, commit_uri_from_version, default_logstore,
};
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _};

use crate::CatalogError;
use crate::location::{Location, Stores};

/// Returns the log of the table at a directory.
///
/// Commits use put-if-absent: a hard link on the local file system, a conditional put elsewhere.
pub(crate) fn log_store(stores: &Stores, location: &Location) -> Result<LogStoreRef, CatalogError> {
    let root = stores.store(location)?;
    let table: Arc<dyn ObjectStore> =
        Arc::new(PrefixStore::new(Arc::clone(&root), location.path()?));
    Ok(default_logstore(table, root, &location.url, &StorageConfig::default()))
}

/// Returns the newest version of the table at a directory.
pub(crate) async fn open(stores: &Stores, location: &Location) -> Result<DeltaTable, CatalogError> {
    let log_store = log_store(stores, location)?;
    let exists = log_store
        .is_delta_table_location()
        .await
        .map_err(|error| CatalogError::delta(&location.text, error))?;
    if !exists {
        return Err(CatalogError::LocationNotFound { location: location.text.clone(), near: None });
    }
    let mut table = DeltaTable::new(log_store);
    Box::pin(table.load()).await.map_err(|error| CatalogError::delta(&location.text, error))?;
    Ok(table)
}

/// Returns the newest version in a log.
pub(crate) async fn newest_version(log_store: &LogStoreRef) -> Result<u64, CatalogError> {
    let newest = log_store.get_latest_version(0).await;
    newest.map_err(|error| CatalogError::delta(log_store.root_url().as_str(), error))
}

/// Removes the first version of a table that has no other, which makes it no table.
pub(crate) async fn remove_first_version(log_store: &LogStoreRef) -> Result<(), CatalogError> {
    let path = commit_uri_from_version(Some(0));
    let removed = log_store.object_store(None).delete(&path).await;
    removed.map_err(|error| CatalogError::storage(log_store.root_url().as_str(), error))
}
