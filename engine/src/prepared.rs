//! A planned statement that can be executed many times.

use std::iter::repeat;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, FieldRef, SchemaRef};
use parking_lot::Mutex;

use crate::Value;
use crate::binding::own_fields;
use crate::division::Division;
use crate::error::{Code, Error};
use crate::outcome::{Execution, Outcome};
use crate::plan::cast_values;
use crate::queries::Running;
use crate::runtime::Workers;
use crate::session::Session;
use crate::sql::{self, Change, Insert, Statement};
use crate::statements::{self, Ready, Step};
use crate::stream::ResultStream;

/// How long the tables that were opened to plan a statement may serve its first execution.
const FRESH: Duration = Duration::from_secs(2);

/// What a statement does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatementKind {
    /// Returns rows and changes nothing.
    Query,
    /// Writes rows: `INSERT`, `COPY`, `CREATE TABLE AS`.
    Dml,
    /// Changes definitions.
    Ddl,
    /// Changes the session or another query: `SET`, `USE`, `KILL`.
    Session,
}

/// One parameter of a prepared statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name with the dollar sign, as `$1`.
    pub name: String,
    /// The type a bound value is cast to.
    pub data_type: DataType,
    /// The field of the parameter, with the extension type of a geometry.
    pub field: FieldRef,
    /// Whether the type is a guess because the statement does not determine one; a value of
    /// another type is then taken as it is.
    pub is_inferred: bool,
}

/// A planned statement that can be executed many times.
#[derive(Debug, Clone)]
pub struct Prepared {
    inner: Arc<Inner>,
}

struct Inner {
    session: Session,
    sql: String,
    statement: Statement,
    /// The names of the parameters as the user wrote them.
    names: Vec<String>,
    kind: StatementKind,
    schema: SchemaRef,
    parameters: Vec<Parameter>,
    /// What is bound to them, where the statement does not tell it.
    own: Vec<Option<FieldRef>>,
    /// What planning opened, for the first execution if it comes soon, and for all of a query
    /// that reads no table.
    fresh: Mutex<Option<Fresh>>,
}

/// What planning opened.
struct Fresh {
    planned_at: Instant,
    /// How many changes of tables had ended before.
    changes: u64,
    ready: Ready,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared").field("sql", &self.sql).finish_non_exhaustive()
    }
}

impl Inner {
    /// Returns the opened statement as planning left it, if it is still what planning would give.
    fn kept(&self) -> Option<Ready> {
        let mut fresh = self.fresh.lock();
        if matches!(self.statement, Statement::Query(_))
            && let Some(ready) = fresh.as_ref().and_then(|fresh| fresh.ready.again(&self.session))
        {
            return Some(ready);
        }
        let Fresh { planned_at, changes, ready } = fresh.take()?;
        (planned_at.elapsed() < FRESH && changes == self.changes()).then_some(ready)
    }

    /// Returns how many changes of tables have ended.
    fn changes(&self) -> u64 {
        self.session.engine().counts.changes()
    }

    /// Keeps an opened statement, before which so many changes had ended, for the next execution.
    fn keep(&self, changes: u64, ready: Ready) {
        *self.fresh.lock() = Some(Fresh { planned_at: Instant::now(), changes, ready });
    }
}

impl Prepared {
    pub(crate) async fn new(session: Session, sql: &str) -> Result<Self, Error> {
        let mut statement = sql::parse(sql)?;
        let names = sql::rewrite::placeholders(statement.queries_mut())?;
        let kind = statements::kind(&statement);
        authorise(&session, kind)?;
        let changes = session.engine().counts.changes();
        let ready = statements::ready(&statement, &session, &names).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                session,
                sql: sql.to_owned(),
                statement,
                names,
                kind,
                schema: Arc::clone(&ready.schema),
                parameters: ready.parameters.clone(),
                own: Vec::new(),
                fresh: Mutex::new(Some(Fresh { planned_at: Instant::now(), changes, ready })),
            }),
        })
    }

    /// Returns the statement for these values, whose columns may be other than it tells.
    pub fn bound_to(self, values: &RecordBatch) -> Result<Self, Error> {
        let inner = &self.inner;
        let own = own_fields(&inner.parameters, values)?;
        if own.iter().all(Option::is_none) {
            return Ok(self);
        }
        let pairs = inner.parameters.iter().zip(own.iter().chain(repeat(&None)));
        let declared = pairs.map(|(known, own)| match own {
            Some(own) => known.declared(own),
            None => known.clone(),
        });
        Ok(Self {
            inner: Arc::new(Inner {
                session: inner.session.clone(),
                sql: inner.sql.clone(),
                statement: inner.statement.clone(),
                names: inner.names.clone(),
                kind: inner.kind,
                schema: Arc::clone(&inner.schema),
                parameters: declared.collect(),
                own,
                fresh: Mutex::new(inner.fresh.lock().take()),
            }),
        })
    }

    /// Returns the statement's text.
    pub fn sql(&self) -> &str {
        &self.inner.sql
    }

    /// Returns what the statement does to the world.
    pub fn kind(&self) -> StatementKind {
        self.inner.kind
    }

    /// Returns the leading words of the statement, as `CREATE TABLE`.
    pub fn operation(&self) -> &'static str {
        self.inner.statement.operation()
    }

    /// Returns whether the session is another one afterwards: its variables, or what belongs to it.
    pub fn changes_session(&self) -> bool {
        self.inner.kind == StatementKind::Session || self.inner.statement.makes_temporary()
    }

    /// Returns whether the statement returns rows: a query, or one with `RETURNING`.
    pub fn is_query(&self) -> bool {
        self.inner.kind == StatementKind::Query || self.inner.statement.returning().is_some()
    }

    /// Returns whether the statement writes, so that executing it twice is not the same as once.
    pub fn writes(&self) -> bool {
        matches!(self.inner.kind, StatementKind::Dml | StatementKind::Ddl)
    }

    /// Returns the schema of the rows; empty when the statement returns none.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.inner.schema)
    }

    /// Returns the parameters in the order of their numbers.
    pub fn parameters(&self) -> &[Parameter] {
        &self.inner.parameters
    }

    /// Returns the schema of the rows once these values are bound, whose types count where the
    /// statement does not determine them. Executes nothing.
    pub async fn bound_schema(&self, parameters: Vec<Value>) -> Result<SchemaRef, Error> {
        let inner = &self.inner;
        let is_told = !inner.parameters.iter().any(|parameter| parameter.is_inferred);
        if is_told && inner.own.is_empty() {
            return Ok(self.schema());
        }
        let values = cast_values(&inner.parameters, parameters)?;
        let prepared = self.clone();
        let work = async move {
            let inner = &prepared.inner;
            let changes = inner.changes();
            let ready = prepared.ready().await?;
            let schema = statements::bound_schema(&inner.statement, &ready, values)?;
            inner.keep(changes, ready);
            Ok(schema)
        };
        self.workers().run(work).await?
    }

    /// Executes a statement once for many rows of values, one column for each parameter: an `INSERT`
    /// of values in one commit, an `UPDATE` or `DELETE` in few. Returns nothing, and does nothing,
    /// when it must be executed for one row after the other.
    pub async fn execute_rows(&self, columns: &[ArrayRef]) -> Result<Option<Execution>, Error> {
        if columns.len() != self.inner.parameters.len() {
            return Ok(None);
        }
        match &self.inner.statement {
            Statement::Insert(insert) if !insert.overwrite => {
                Box::pin(self.insert_rows(insert, columns)).await
            }
            Statement::Change(change) => Box::pin(self.change_rows(change, columns)).await,
            _ => Ok(None),
        }
    }

    async fn change_rows(
        &self,
        change: &Change,
        columns: &[ArrayRef],
    ) -> Result<Option<Execution>, Error> {
        let inner = &self.inner;
        authorise(&inner.session, inner.kind)?;
        let Some(rows) = statements::change_values(change, &inner.parameters, columns)? else {
            return Ok(None);
        };
        let _change = inner.session.engine().counts.change();
        let mut running = inner.session.submit(&inner.sql);
        let query_id = running.id();
        let outcome = async {
            running.admit().await?;
            let (counter, attachment) = (running.counter(), running.attachment());
            let (prepared, change) = (self.clone(), change.clone());
            let work = async move {
                let ready = prepared.ready().await?;
                let interrupt = ready.scope.interrupt.clone();
                attachment.attach(&interrupt);
                let run = statements::change_rows(&change, ready, rows, &counter);
                interrupt.over(run).await
            };
            running.guard(self.workers().run(work)).await??
        };
        let outcome = outcome.await;
        running.end(outcome.as_ref().err());
        let done = outcome.map_err(|error| error.sealed(query_id))?;
        Ok(Some(Execution { query_id, outcome: Outcome::Done(done) }))
    }

    async fn insert_rows(
        &self,
        insert: &Insert,
        columns: &[ArrayRef],
    ) -> Result<Option<Execution>, Error> {
        let inner = &self.inner;
        authorise(&inner.session, inner.kind)?;
        let _change = inner.session.engine().counts.change();
        let (prepared, columns) = (self.clone(), columns.to_vec());
        let planned = async move {
            let ready = prepared.ready().await?;
            let plan = statements::plan_rows(&ready, &columns)?;
            Ok::<_, Error>(plan.map(|plan| (ready, plan)))
        };
        let Some((ready, plan)) = self.workers().run(planned).await?? else { return Ok(None) };
        let mut running = inner.session.submit(&inner.sql);
        let query_id = running.id();
        let outcome = async {
            running.admit().await?;
            running.attachment().attach(&ready.scope.interrupt);
            let (counter, insert) = (running.counter(), insert.clone());
            let interrupt = ready.scope.interrupt.clone();
            let work = interrupt.over(async move {
                statements::insert_plan(&insert, plan, &ready.scope, &counter).await
            });
            running.guard(self.workers().run(work)).await??
        };
        let outcome = outcome.await;
        running.end(outcome.as_ref().err());
        let done = outcome.map_err(|error| error.sealed(query_id))?;
        Ok(Some(Execution { query_id, outcome: Outcome::Done(done) }))
    }

    /// Divides a query into at most so many shares that can be read beside each other; nothing if it
    /// is to be read as a whole, because its rows are ordered or counted, or are not just those of
    /// files. Executes nothing.
    pub async fn divide(
        &self,
        parameters: Vec<Value>,
        count: usize,
    ) -> Result<Option<Division>, Error> {
        let inner = &self.inner;
        let values = cast_values(&inner.parameters, parameters)?;
        let prepared = self.clone();
        let work = async move {
            let inner = &prepared.inner;
            let ready = prepared.ready().await?;
            let Some(plan) = statements::optimized(&inner.statement, ready, values)? else {
                return Ok(None);
            };
            Division::try_new(&inner.session, &inner.sql, plan, count).await
        };
        self.workers().run(work).await?
    }

    /// Executes the statement with one value for each parameter.
    pub async fn execute(&self, parameters: Vec<Value>) -> Result<Execution, Error> {
        let inner = &self.inner;
        authorise(&inner.session, inner.kind)?;
        let values = cast_values(&inner.parameters, parameters)?;
        let _change = self.writes().then(|| inner.session.engine().counts.change());
        let options = inner.session.options();
        let mut running = inner.session.submit(&inner.sql);
        let query_id = running.id();
        match Box::pin(self.run(&mut running, values)).await {
            Ok(Step::Rows { schema, stream }) => {
                let max_rows = options.max_rows;
                let rows = ResultStream::new(schema, stream, running, max_rows);
                Ok(Execution { query_id, outcome: Outcome::Rows(rows) })
            }
            Ok(Step::Done(completion)) => {
                running.end(None);
                Ok(Execution { query_id, outcome: Outcome::Done(completion) })
            }
            Err(error) => {
                running.end(Some(&error));
                Err(error.sealed(query_id))
            }
        }
    }

    async fn run(&self, running: &mut Running, values: Vec<Value>) -> Result<Step, Error> {
        let inner = &self.inner;
        let is_brief = inner.statement.is_brief();
        if !is_brief {
            running.admit().await?;
        }
        let counter = running.counter();
        let attachment = running.attachment();
        let prepared = self.clone();
        let work = async move {
            let inner = &prepared.inner;
            let ready = prepared.ready().await?;
            let interrupt = ready.scope.interrupt.clone();
            attachment.attach(&interrupt);
            let run = statements::run(&inner.statement, &inner.session, ready, values, &counter);
            interrupt.over(run).await
        };
        if is_brief {
            return running.guard(work).await?;
        }
        // Whoever waits is told of a cancellation or of the time limit whatever the workers do.
        running.guard(self.workers().run(work)).await??
    }

    fn workers(&self) -> &Workers {
        &self.inner.session.engine().workers
    }

    /// Returns the opened statement: as planning left it when that was just now, else anew,
    /// because tables change.
    async fn ready(&self) -> Result<Ready, Error> {
        let inner = &self.inner;
        let ready = match inner.kept() {
            Some(ready) => ready,
            None => statements::ready(&inner.statement, &inner.session, &inner.names).await?,
        };
        ready.declared(&inner.own)
    }
}

/// Checks that the session may run statements of this kind.
pub(crate) fn authorise(session: &Session, kind: StatementKind) -> Result<(), Error> {
    if session.engine().registry.is_closed() {
        return Err(Error::new(Code::ShuttingDown, "the server is going down"));
    }
    if matches!(kind, StatementKind::Query | StatementKind::Session) {
        return Ok(());
    }
    if session.options().read_only {
        return Err(Error::new(
            Code::ReadOnly,
            "the session is read-only, so the statement may not change anything",
        ));
    }
    if session.principal().role == crate::Role::Reader {
        return Err(Error::new(
            Code::PermissionDenied,
            format!("\"{}\" may only read", session.principal().name),
        )
        .with_hint("Ask for the role writer."));
    }
    Ok(())
}
