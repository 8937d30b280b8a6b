//! A principal's conversation with the engine.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use chrono::Utc;
use datafusion::execution::session_state::SessionState;
use futures::stream::BoxStream;
use parking_lot::RwLock;
use uuid::Uuid;

use crate::engine::Shared;
use crate::error::{Code, Error};
use crate::functions::Identity;
use crate::ingest::Ingest;
use crate::options::SessionOptions;
use crate::outcome::{Completion, Execution};
use crate::plan::Scope;
use crate::prepared::{Prepared, StatementKind, authorise};
use crate::principal::Principal;
use crate::queries::{Interrupt, Running, audit, unpanicked};
use crate::sql::{StatementText, is_brief, may_be_several, split};
use crate::tables::{TableFilter, TableInfo};
use crate::temporary::Temporary;
use crate::{DEFAULT_SCHEMA, Protocol, Value, runtime, statements, tables};

/// A principal's conversation with the engine; cheap to make and to clone.
#[derive(Debug, Clone)]
pub struct Session {
    inner: Arc<Inner>,
}

struct Inner {
    /// What tells the session from others in the log.
    id: Uuid,
    engine: Arc<Shared>,
    principal: Principal,
    options: SessionOptions,
    variables: RwLock<Variables>,
    /// The tables and views of the session; none over a protocol without sessions.
    temporary: Option<Arc<Temporary>>,
    /// What was wrong with the options, told by the first statement.
    refused: Option<Error>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("principal", &self.principal).finish_non_exhaustive()
    }
}

/// What `SET` and `USE` change.
#[derive(Clone)]
pub(crate) struct Variables {
    pub(crate) schema: String,
    pub(crate) query_timeout: Option<Duration>,
    /// The engine's own state until a variable of the query engine is set.
    pub(crate) state: Arc<SessionState>,
}

impl Session {
    pub(crate) fn new(engine: &Arc<Shared>, principal: Principal, options: SessionOptions) -> Self {
        let has_session = options.protocol != Protocol::Http;
        let temporary = has_session.then(|| Arc::new(Temporary::new(engine.catalog.clone())));
        Self::starting(engine, Uuid::now_v7(), principal, options, temporary)
    }

    /// Returns the session as it would start with other options, with the same temporary tables.
    #[must_use]
    pub fn with_options(&self, options: SessionOptions) -> Self {
        let inner = &self.inner;
        let (principal, temporary) = (inner.principal.clone(), inner.temporary.clone());
        Self::starting(&inner.engine, inner.id, principal, options, temporary)
    }

    fn starting(
        engine: &Arc<Shared>,
        id: Uuid,
        principal: Principal,
        options: SessionOptions,
        temporary: Option<Arc<Temporary>>,
    ) -> Self {
        let mut variables = Variables {
            schema: options.schema.clone().unwrap_or_else(|| DEFAULT_SCHEMA.to_owned()),
            query_timeout: options.query_timeout,
            state: Arc::clone(&engine.start),
        };
        let refused = configure(&mut variables, &options).err();
        Self {
            inner: Arc::new(Inner {
                id,
                engine: Arc::clone(engine),
                principal,
                options,
                variables: RwLock::new(variables),
                temporary,
                refused,
            }),
        }
    }

    /// Takes a text apart into its statements, if there are any, to be prepared one after the other:
    /// what one makes the next may read. Of several all must be statements, so that a mistake in the
    /// last is told before the first is done.
    pub async fn statements(&self, sql: &str) -> Result<Vec<StatementText>, Error> {
        // What ends queries does not wait for the workers that they keep busy.
        if self.is_too_long(sql) || !may_be_several(sql) || is_brief(sql) {
            return Ok(vec![StatementText::whole(sql)]);
        }
        let begun_at = Utc::now();
        let text = sql.to_owned();
        let statements = self.inner.engine.workers.run(async move { split(&text) }).await;
        statements.flatten().inspect_err(|error| audit::refused(self, sql, begun_at, error))
    }

    /// Plans one statement; never runs it.
    pub async fn prepare(&self, sql: &str) -> Result<Prepared, Error> {
        let begun_at = Utc::now();
        let prepared = self.plan(sql).await;
        prepared.inspect_err(|error| audit::refused(self, sql, begun_at, error))
    }

    async fn plan(&self, sql: &str) -> Result<Prepared, Error> {
        if let Some(refused) = &self.inner.refused {
            return Err(refused.without_source());
        }
        if self.is_too_long(sql) {
            let limit = self.inner.engine.config.limits.max_sql_bytes;
            return Err(Error::new(
                Code::LimitExceeded,
                format!("the statement has {} bytes, the limit is {limit}", sql.len()),
            )
            .with_hint("Load the values from a file, or raise limits.max_sql_bytes."));
        }
        if is_brief(sql) {
            return unpanicked(Box::pin(Prepared::new(self.clone(), sql))).await?;
        }
        let (session, sql) = (self.clone(), sql.to_owned());
        let workers = &self.inner.engine.workers;
        workers.run(async move { Prepared::new(session, &sql).await }).await?
    }

    fn is_too_long(&self, sql: &str) -> bool {
        let limit = self.inner.engine.config.limits.max_sql_bytes;
        u64::try_from(sql.len()).unwrap_or(u64::MAX) > limit
    }

    /// Plans and executes one statement with one value for each parameter.
    pub async fn execute(&self, sql: &str, parameters: Vec<Value>) -> Result<Execution, Error> {
        self.prepare(sql).await?.execute(parameters).await
    }

    /// Writes the rows of a client into a table, in one commit. Nothing is visible unless all rows
    /// arrive; their geometries may be in any GeoArrow encoding.
    pub async fn ingest(
        &self,
        ingest: &Ingest,
        schema: &Schema,
        rows: BoxStream<'static, Result<RecordBatch, Error>>,
    ) -> Result<Completion, Error> {
        if let Some(refused) = &self.inner.refused {
            return Err(refused.without_source());
        }
        authorise(self, StatementKind::Dml)?;
        let _change = self.inner.engine.counts.change();
        let scope = self.scope();
        let mut running = self.submit(&format!("INGEST INTO {}", ingest.table));
        let query_id = running.id();
        let outcome = async {
            running.admit().await?;
            running.attachment().attach(&scope.interrupt);
            let counter = running.counter();
            let (ingest, schema) = (ingest.clone(), schema.clone());
            let interrupt = scope.interrupt.clone();
            let work = interrupt.over(async move {
                statements::ingest(&ingest, &scope, &schema, rows, &counter).await
            });
            running.guard(self.inner.engine.workers.run(work)).await??
        };
        let outcome = outcome.await;
        running.end(outcome.as_ref().err());
        outcome.map_err(|error| error.sealed(query_id))
    }

    /// Returns the tables that match `filter` and that the session sees. A table that cannot be
    /// read is listed with its error.
    pub async fn tables(&self, filter: &TableFilter) -> Result<Vec<TableInfo>, Error> {
        let (scope, filter) = (self.scope(), filter.clone());
        let workers = &self.inner.engine.workers;
        workers.run(async move { tables::list(&scope, &filter).await }).await
    }

    /// Returns the names of the schemas that the session sees.
    pub fn schemas(&self) -> Vec<String> {
        let rights = &self.inner.principal.rights;
        tables::schemas(&self.inner.engine.catalog, self.inner.temporary.as_deref(), rights)
    }

    /// Returns whether both are the same session, whatever their options.
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.inner.temporary, &other.inner.temporary) {
            (Some(own), Some(others)) => Arc::ptr_eq(own, others),
            _ => false,
        }
    }

    /// Ends the session: its temporary tables and views go, whatever else still refers to it.
    pub fn end(&self) {
        if let Some(temporary) = &self.inner.temporary {
            temporary.discard();
        }
    }

    /// Returns who the session belongs to.
    pub fn principal(&self) -> &Principal {
        &self.inner.principal
    }

    /// Returns what tells the session from others in the log.
    pub(crate) fn id(&self) -> Uuid {
        self.inner.id
    }

    /// Returns what the session was told when it was made.
    pub fn options(&self) -> &SessionOptions {
        &self.inner.options
    }

    /// Returns what is wrong with these options, which every statement is refused for.
    pub fn objection(&self) -> Option<&Error> {
        self.inner.refused.as_ref()
    }

    /// Returns the schema of unqualified names at this moment.
    pub fn schema(&self) -> String {
        self.inner.variables.read().schema.clone()
    }

    /// Returns the time zone at this moment.
    pub fn time_zone(&self) -> Option<String> {
        self.inner.variables.read().state.config_options().execution.time_zone.clone()
    }

    /// Returns the session's own limit on the run time of a query at this moment.
    pub fn time_limit(&self) -> Option<Duration> {
        self.inner.variables.read().query_timeout
    }

    /// Puts a statement on the list of queries.
    pub(crate) fn submit(&self, sql: &str) -> Running {
        let (user, protocol) = (&self.inner.principal.name, self.inner.options.protocol);
        let origin = (protocol, self.inner.id);
        Running::submit(&self.inner.engine, sql, user, origin, self.query_timeout())
    }

    pub(crate) fn engine(&self) -> &Arc<Shared> {
        &self.inner.engine
    }

    /// Returns the scope of one statement: its own start time, and the session's identity.
    pub(crate) fn scope(&self) -> Scope {
        let variables = self.inner.variables.read().clone();
        let mut state = SessionState::clone(&variables.state);
        let interrupt = Interrupt::default();
        let extensions = &mut state.config_mut().options_mut().extensions;
        extensions.insert(interrupt.clone());
        extensions.insert(interrupt.of_functions());
        extensions.insert(Identity {
            user: self.inner.principal.name.clone(),
            schema: variables.schema.clone(),
        });
        // Functions are given the configuration as it is at this moment.
        state.mark_start_execution();
        Scope {
            engine: Arc::clone(&self.inner.engine),
            state: Arc::new(state),
            origin: variables.state,
            schema: variables.schema,
            access: self.inner.principal.access,
            rights: self.inner.principal.rights.clone(),
            reader: None,
            views: Vec::new(),
            reads: None,
            interrupt,
            creating: None,
            temporary: self.inner.temporary.clone(),
            sources: None,
        }
    }

    /// Returns the shorter of the session's and the server's time limit.
    pub(crate) fn query_timeout(&self) -> Option<Duration> {
        let server = self.inner.engine.config.limits.query_timeout_seconds;
        let server = (server > 0).then(|| Duration::from_secs(server));
        match (self.inner.variables.read().query_timeout, server) {
            (Some(own), Some(server)) => Some(own.min(server)),
            (own, server) => own.or(server),
        }
    }

    pub(crate) fn variables(&self) -> Variables {
        self.inner.variables.read().clone()
    }

    /// Changes the variables all at once, or not at all.
    pub(crate) fn change(
        &self,
        change: impl FnOnce(&mut Variables) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut variables = self.inner.variables.write();
        let mut changed = variables.clone();
        change(&mut changed)?;
        *variables = changed;
        Ok(())
    }
}

fn configure(variables: &mut Variables, options: &SessionOptions) -> Result<(), Error> {
    if let Some(time_zone) = &options.time_zone {
        set_variable(variables, "time_zone", time_zone)?;
    }
    for (name, value) in &options.settings {
        set_variable(variables, &name.to_lowercase(), value)?;
    }
    Ok(())
}

/// Sets a variable of the query engine.
pub(crate) fn set_variable(
    variables: &mut Variables,
    name: &str,
    value: &str,
) -> Result<(), Error> {
    let mut state = SessionState::clone(&variables.state);
    runtime::apply(state.config_mut().options_mut(), name, value)?;
    variables.state = Arc::new(state);
    Ok(())
}
