//! The engine: everything that outlives a session.

use std::sync::Arc;
use std::time::Duration;

use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::execution::session_state::SessionState;
use godwit_catalog::{Access, Catalog, CreateMode, ExternalTable, TableName};
use godwit_config::Config;
use godwit_formats::Description;
use godwit_planner::JoinCache;
use godwit_udfs::FunctionInfo;
use uuid::Uuid;

use crate::DEFAULT_SCHEMA;
use crate::counts::Counts;
use crate::error::Error;
use crate::metrics::EngineMetrics;
use crate::options::SessionOptions;
use crate::plan::Scope;
use crate::principal::Principal;
use crate::queries::{Admission, CancelReason, Interrupt, QueryInfo, Registry};
use crate::runtime::{Workers, base_state, inherit_flags, resources, session_state};
use crate::session::Session;
use crate::tables::{self, KnownColumns, KnownViews, TableFilter, TableInfo};

/// How often a shutdown looks whether queries still run.
const SHUTDOWN_POLL: Duration = Duration::from_millis(20);

/// How long canceled queries may take to end.
const CANCEL_GRACE: Duration = Duration::from_secs(5);

/// The engine: everything that outlives a session. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

/// What every session shares.
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) catalog: Catalog,
    /// The state with all functions.
    pub(crate) base: Arc<SessionState>,
    /// The state that sessions start from.
    pub(crate) start: Arc<SessionState>,
    pub(crate) registry: Registry,
    pub(crate) admission: Admission,
    pub(crate) counts: Counts,
    /// The threads of statements.
    pub(crate) workers: Workers,
    /// The columns of tables, for those who list them.
    pub(crate) columns: KnownColumns,
    /// The columns of views, for the same.
    pub(crate) views: KnownViews,
    runtime: Arc<RuntimeEnv>,
    memory_limit: usize,
    join_cache: Arc<JoinCache>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("registry", &self.registry).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens the data directory and registers the tables of the configuration.
    pub async fn start(config: &Config) -> Result<Self, Error> {
        inherit_flags();
        let resources = resources(config)?;
        let catalog = Box::pin(Catalog::open(config, Arc::clone(&resources.runtime))).await?;
        resources.remove_stale();
        let base = Arc::new(base_state(config, &resources.runtime, &resources.join_cache));
        let limits = &config.limits;
        let concurrent = limits.max_concurrent_queries.unwrap_or_else(default_concurrency);
        let shared = Arc::new(Shared {
            config: config.clone(),
            catalog,
            start: Arc::new(session_state(&base)),
            base,
            registry: Registry::default(),
            admission: Admission::new(
                concurrent,
                limits.max_queued_queries,
                Duration::from_secs(limits.queue_timeout_seconds),
            ),
            counts: Counts::default(),
            workers: Workers::start()?,
            columns: KnownColumns::default(),
            views: KnownViews::default(),
            runtime: resources.runtime,
            memory_limit: resources.memory_limit,
            join_cache: resources.join_cache,
        });
        register_tables(&shared).await;
        Ok(Self { shared })
    }

    /// Returns a session of `principal`.
    pub fn session(&self, principal: Principal, options: SessionOptions) -> Session {
        Session::new(&self.shared, principal, options)
    }

    /// Returns the functions of Godwit's own, to document and complete them.
    #[expect(clippy::unused_self, reason = "an engine may get functions of its own")]
    pub fn functions(&self) -> &'static [FunctionInfo] {
        godwit_udfs::catalogue()
    }

    /// Returns the names of all scalar, aggregate and window functions.
    pub fn function_names(&self) -> Vec<String> {
        let base = &self.shared.base;
        let mut names: Vec<String> = base
            .scalar_functions()
            .keys()
            .chain(base.aggregate_functions().keys())
            .chain(base.window_functions().keys())
            .filter(|name| !name.starts_with("godwit_"))
            .cloned()
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// Returns the file formats.
    #[expect(clippy::unused_self, reason = "an engine may get formats of its own")]
    pub fn formats(&self) -> Vec<&'static Description> {
        godwit_formats::formats().iter().map(|format| format.describe()).collect()
    }

    /// Returns the queries that wait, run or have just ended, newest first.
    pub fn queries(&self) -> Vec<QueryInfo> {
        self.shared.registry.list()
    }

    /// Ends a query; returns whether one with this id was waiting or running.
    pub fn cancel(&self, id: Uuid) -> bool {
        self.shared.registry.cancel(id, CancelReason::Request)
    }

    /// Returns whether a query waits or runs.
    pub fn is_running(&self, id: Uuid) -> bool {
        self.shared.registry.user(id).is_some()
    }

    /// Returns the tables that match `filter` and that `principal` may see. A table that cannot
    /// be read is listed with its error.
    pub async fn tables(
        &self,
        filter: &TableFilter,
        principal: &Principal,
    ) -> Result<Vec<TableInfo>, Error> {
        let scope = Scope {
            engine: Arc::clone(&self.shared),
            state: Arc::clone(&self.shared.start),
            origin: Arc::clone(&self.shared.start),
            schema: DEFAULT_SCHEMA.to_owned(),
            access: principal.access,
            rights: principal.rights.clone(),
            reader: None,
            views: Vec::new(),
            reads: None,
            interrupt: Interrupt::default(),
            creating: None,
            temporary: None,
            sources: None,
        };
        let filter = filter.clone();
        self.shared.workers.run(async move { tables::list(&scope, &filter).await }).await
    }

    /// Returns the names of the schemas that `principal` may see.
    pub fn schemas(&self, principal: &Principal) -> Vec<String> {
        tables::schemas(&self.shared.catalog, None, &principal.rights)
    }

    /// Returns whether the engine takes new statements.
    pub fn is_ready(&self) -> bool {
        !self.shared.registry.is_closed()
    }

    /// Refuses new statements, waits up to `grace` for running ones, then cancels them.
    pub async fn shutdown(&self, grace: Duration) {
        self.shared.registry.close();
        if !self.wait_until_idle(grace).await {
            self.shared.registry.cancel_all(CancelReason::Shutdown);
            self.wait_until_idle(CANCEL_GRACE).await;
        }
    }

    /// Returns the numbers an operator watches.
    pub fn metrics(&self) -> EngineMetrics {
        let shared = &self.shared;
        let (queries_started, queries_failed) = shared.registry.counts();
        EngineMetrics {
            queries_running: shared.registry.running(),
            queries_queued: shared.admission.waiting(),
            queries_started,
            queries_failed,
            statements_planned: shared.counts.planned(),
            memory_used: shared.runtime.memory_pool.reserved(),
            memory_limit: shared.memory_limit,
            join_cache_used: shared.join_cache.memory_size(),
            spilled_bytes: shared.runtime.disk_manager.used_disk_space(),
        }
    }

    async fn wait_until_idle(&self, patience: Duration) -> bool {
        let deadline = tokio::time::Instant::now() + patience;
        while self.shared.registry.live() > 0 {
            if tokio::time::Instant::now() >= deadline {
                return false;
            }
            tokio::time::sleep(SHUTDOWN_POLL).await;
        }
        true
    }
}

/// Registers the tables of the configuration; one that cannot be read is reported and left out, so
/// that the server starts.
async fn register_tables(shared: &Arc<Shared>) {
    for (name, table) in &shared.config.table {
        let name = match name.split_once('.') {
            Some((schema, table)) => TableName::new(schema, table),
            None => TableName::new(DEFAULT_SCHEMA, name),
        };
        let definition = ExternalTable {
            format: table.format.clone(),
            location: table.location.clone(),
            partition_columns: Vec::new(),
            options: table.options.clone(),
        };
        let session = shared.start.as_ref();
        let made = async {
            shared.catalog.check_location(&table.location, Access::Local)?;
            shared.catalog.create_schema(&name.schema, true).await?;
            shared
                .catalog
                .create_external(session, &name, &definition, None, CreateMode::Replace)
                .await
        };
        if let Err(error) = Box::pin(made).await.map_err(Error::from) {
            tracing::error!(
                table = %name, error = %error, detail = error.detail, "cannot register table"
            );
        }
    }
}

fn default_concurrency() -> usize {
    2 * std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}
