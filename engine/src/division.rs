//! A query in shares, which several readers read beside each other.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::execute_stream;

use crate::error::{Code, Error};
use crate::outcome::{Execution, Outcome};
use crate::plan::{in_shares, share, shares};
use crate::prepared::{StatementKind, authorise};
use crate::queries::{Running, SharedSlot};
use crate::session::Session;
use crate::statements::physical;
use crate::stream::{ResultStream, spawned};

/// A query in shares: each row is in one of them, and a share reads only its own part of the
/// files. The versions of tables are those of the moment it was divided.
#[derive(Clone)]
pub struct Division {
    inner: Arc<Inner>,
}

struct Inner {
    session: Session,
    sql: String,
    schema: SchemaRef,
    /// The optimised plan with its open tables.
    plan: LogicalPlan,
    /// The shares that were asked for, of which there may be fewer.
    asked: usize,
    /// What each share reads.
    shares: Vec<String>,
    /// The shares count as one query: whoever opens all of them reads them one after the other, so
    /// that none may wait for another's end.
    slot: SharedSlot,
}

impl std::fmt::Debug for Division {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Division")
            .field("sql", &self.inner.sql)
            .field("count", &self.count())
            .finish_non_exhaustive()
    }
}

impl Division {
    /// Divides a plan into at most so many shares; nothing if it has to be read as a whole.
    pub(crate) async fn try_new(
        session: &Session,
        sql: &str,
        (schema, plan): (SchemaRef, LogicalPlan),
        asked: usize,
    ) -> Result<Option<Self>, Error> {
        let mut scope = session.scope();
        in_shares(&mut scope, asked);
        let Some(shares) = shares(&physical(&plan, &scope).await?) else { return Ok(None) };
        let (session, sql) = (session.clone(), sql.to_owned());
        let slot = SharedSlot::default();
        let inner = Inner { session, sql, schema, plan, asked, shares, slot };
        Ok(Some(Self { inner: Arc::new(inner) }))
    }

    /// Returns the number of shares, which is at least two.
    pub fn count(&self) -> usize {
        self.inner.shares.len()
    }

    /// Returns the schema of the rows.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.inner.schema)
    }

    /// Starts to read a share; it can be read again.
    pub async fn execute(&self, index: usize) -> Result<Execution, Error> {
        let inner = &self.inner;
        authorise(&inner.session, StatementKind::Query)?;
        let mut running = inner.session.submit(&inner.sql);
        let query_id = running.id();
        match Box::pin(self.start(&mut running, index)).await {
            Ok(stream) => {
                let max_rows = inner.session.options().max_rows;
                let rows = ResultStream::new(self.schema(), stream, running, max_rows);
                Ok(Execution { query_id, outcome: Outcome::Rows(rows) })
            }
            Err(error) => {
                running.end(Some(&error));
                Err(error.sealed(query_id))
            }
        }
    }

    async fn start(
        &self,
        running: &mut Running,
        index: usize,
    ) -> Result<SendableRecordBatchStream, Error> {
        running.admit_to(&self.inner.slot).await?;
        let attachment = running.attachment();
        let inner = Arc::clone(&self.inner);
        let work = async move {
            let mut scope = inner.session.scope();
            in_shares(&mut scope, inner.asked);
            attachment.attach(&scope.interrupt);
            let plan = physical(&inner.plan, &scope).await?;
            if shares(&plan).as_ref() != Some(&inner.shares) {
                return Err(Error::new(
                    Code::CommitConflict,
                    "the files of the table have changed since the query was planned",
                )
                .with_hint("Execute the statement again."));
            }
            let started = async {
                let rows = execute_stream(share(plan, index)?, scope.task_context())?;
                Ok::<_, Error>(spawned(rows))
            };
            scope.interrupt.over(started).await
        };
        let workers = &self.inner.session.engine().workers;
        running.guard(workers.run(work)).await??
    }
}
