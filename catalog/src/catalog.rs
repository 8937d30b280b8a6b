//! The catalog of one data directory.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::Utc;
use datafusion::common::runtime::SpawnedTask;
use datafusion::execution::runtime_env::RuntimeEnv;
use futures::FutureExt as _;
use godwit_config::Config;
use parking_lot::Mutex;
use tracing::warn;
use url::Url;
use uuid::Uuid;

use crate::delta::SnapshotCache;
use crate::listing::SchemaCache;
use crate::location::{AccessRules, Location, Stores};
use crate::metastore::Metastore;
use crate::temporary::is_temporary;
use crate::{Access, CatalogError, Entry, TableName};

/// The schema that is always there.
const DEFAULT_SCHEMA: &str = "public";
/// How long data that no entry names is kept for the queries that read it.
const GRACE: chrono::TimeDelta = chrono::TimeDelta::seconds(60);
/// How often such data is looked for.
const SWEEP_INTERVAL: Duration = Duration::from_secs(20);

/// Names to tables, with everything that is needed to open them.
#[derive(Debug, Clone)]
pub struct Catalog {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) metastore: Arc<Metastore>,
    pub(crate) runtime: Arc<RuntimeEnv>,
    pub(crate) stores: Stores,
    pub(crate) rules: AccessRules,
    pub(crate) snapshots: SnapshotCache,
    pub(crate) schemas: SchemaCache,
    pub(crate) data_directory: PathBuf,
    gates: Mutex<HashMap<Uuid, Arc<tokio::sync::Mutex<()>>>>,
    tasks: Mutex<Vec<SpawnedTask<()>>>,
    /// Held as long as the catalog lives, so that no second server uses the directory.
    _lock: File,
}

impl Catalog {
    /// Opens the catalog of the configured data directory, which is made if need be.
    ///
    /// Configured object stores are registered in the runtime. What a killed server left behind
    /// is cleaned up.
    pub async fn open(config: &Config, runtime: Arc<RuntimeEnv>) -> Result<Self, CatalogError> {
        let (data_directory, lock) = claim(&config.storage.data_dir)?;
        let data_url = Url::from_directory_path(&data_directory).map_err(|()| {
            CatalogError::invalid(format!("\"{}\" is not a path", data_directory.display()))
        })?;
        let file = data_directory.join("metastore.sqlite");
        let metastore = SpawnedTask::spawn_blocking(move || {
            let metastore = Metastore::open(&file, data_url.into())?;
            metastore.create_schema(DEFAULT_SCHEMA)?;
            Ok::<_, CatalogError>(Arc::new(metastore))
        });
        let metastore = metastore.await.unwrap_or(Err(CatalogError::TaskLost))?;
        let rules =
            AccessRules::try_new(&config.storage.allowed_locations, data_directory.clone())?;
        let inner = Arc::new(Inner {
            metastore,
            stores: Stores::try_new(config, Arc::clone(&runtime))?,
            runtime,
            rules,
            snapshots: SnapshotCache::default(),
            schemas: SchemaCache::default(),
            data_directory,
            gates: Mutex::default(),
            tasks: Mutex::default(),
            _lock: lock,
        });
        inner.recover().await?;
        inner.keep(SpawnedTask::spawn(sweep_forever(Arc::downgrade(&inner))));
        Ok(Self { inner })
    }

    /// Returns the schemas, by name; not those that belong to one session.
    pub fn schema_names(&self) -> Vec<String> {
        let mut names = self.inner.metastore.schema_names();
        names.retain(|name| !is_temporary(name));
        names
    }

    /// Returns whether there is such a schema, whatever the letter case.
    pub fn has_schema(&self, schema: &str) -> bool {
        self.inner.metastore.schema(schema).is_some()
    }

    /// Returns the tables and views of a schema, by name.
    pub fn entries(&self, schema: &str) -> Vec<Entry> {
        self.inner.metastore.entries(schema)
    }

    /// Returns a table or view, whatever the letter case of its name.
    pub fn entry(&self, name: &TableName) -> Option<Entry> {
        self.inner.metastore.entry(name)
    }

    /// Checks that a principal may name a location.
    ///
    /// Clients on the network may name what lies below the allowed locations, with symbolic links
    /// followed, and nothing inside the data directory. A directory that is named has all its
    /// links checked, so the call may touch the disk.
    pub fn check_location(&self, location: &str, access: Access) -> Result<(), CatalogError> {
        if access == Access::Local {
            return Ok(());
        }
        self.inner.rules.check(&Location::parse(location)?, access)
    }
}

impl Inner {
    /// Returns the lock under which a table gets a new version or disappears.
    pub(crate) fn gate(&self, table: Uuid) -> Arc<tokio::sync::Mutex<()>> {
        let mut gates = self.gates.lock();
        gates.retain(|id, gate| *id == table || Arc::strong_count(gate) > 1);
        Arc::clone(gates.entry(table).or_default())
    }

    /// Keeps a task until it is done or the catalog is dropped.
    pub(crate) fn keep(&self, task: SpawnedTask<()>) {
        let mut tasks = self.tasks.lock();
        tasks.retain_mut(|task| task.now_or_never().is_none());
        tasks.push(task);
    }

    /// Removes the data that nothing has named for a while.
    pub(crate) async fn sweep(&self, grace: chrono::TimeDelta) -> Result<(), CatalogError> {
        let garbage = self.metastore.change(Metastore::garbage).await?;
        for (location, since) in garbage {
            if Utc::now() - since < grace {
                continue;
            }
            self.remove_directory(&location).await?;
            self.metastore.change(move |store| store.remove_garbage(&location)).await?;
        }
        Ok(())
    }
}

async fn sweep_forever(catalog: Weak<Inner>) {
    loop {
        tokio::time::sleep(SWEEP_INTERVAL).await;
        let Some(catalog) = catalog.upgrade() else {
            return;
        };
        if let Err(error) = catalog.sweep(GRACE).await {
            warn!(%error, "unused table data not removed");
        }
    }
}

/// Makes the data directory and claims it for this process.
fn claim(directory: &Path) -> Result<(PathBuf, File), CatalogError> {
    let failed = |error| CatalogError::io(directory.to_string_lossy(), error);
    std::fs::create_dir_all(directory).map_err(failed)?;
    let directory = directory.canonicalize().map_err(failed)?;
    let failed = |error| CatalogError::io(directory.to_string_lossy(), error);
    let lock = File::create(directory.join("lock")).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok((directory, lock)),
        Err(TryLockError::WouldBlock) => Err(CatalogError::DataDirectoryLocked {
            path: directory.to_string_lossy().into_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}
