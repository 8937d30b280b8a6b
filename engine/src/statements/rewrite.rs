//! Statements that write a Delta table anew: the next version has the rows that they make of those
//! of one version.

use std::sync::Arc;

use arrow::array::AsArray as _;
use arrow::datatypes::{Int64Type, SchemaRef};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::functions_aggregate::count::count_all;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::execute_stream;
use futures::StreamExt as _;
use godwit_catalog::{Entry, Held, Rewrite, TableVersion};
use sqlparser::ast::{Ident, Query};

use super::insert::{find, projected};
use super::query::{physical, with_values};
use super::ready::Ready;
use super::returning::{Clause, Returned};
use super::write::start;
use super::{Step, change, merge};
use crate::Value;
use crate::error::{Code, Error};
use crate::plan::{Scope, bind, entry_schema};
use crate::prepared::Parameter;
use crate::queries::RowCounter;
use crate::sql::{Change, Merge};
use crate::stream::{align_stream, with_nulls};

/// How often a change is computed while others may commit. After that they have to wait.
const FREE_ATTEMPTS: usize = 2;

/// How often a change is computed at most; only another server can be in the way of the last ones.
const ATTEMPTS: usize = 5;

/// A statement that writes a table anew.
#[derive(Debug, Clone, Copy)]
pub(super) enum What<'a> {
    Change(&'a Change),
    Merge(&'a Merge),
}

impl What<'_> {
    fn operation(self) -> &'static str {
        match self {
            Self::Change(change) => change.operation(),
            Self::Merge(_) => "MERGE",
        }
    }

    /// Finds the table, which the principal may change so.
    fn table(self, scope: &Scope) -> Result<Entry, Error> {
        match self {
            Self::Change(change) => change::table(change, scope),
            Self::Merge(merge) => merge::table(merge, scope),
        }
    }
}

pub(super) async fn run(
    what: What<'_>,
    ready: Ready,
    values: Vec<Value>,
    counter: &RowCounter,
) -> Result<Step, Error> {
    let Ready { scope, parameters, schema: announced, .. } = ready;
    let entry = what.table(&scope)?;
    let first = newest(what, &entry, &scope).await?;
    let schema = Box::pin(entry_schema(&entry, &scope)).await?;
    let parameters = &parameters;
    let work = Work { scope: &scope, parameters, values, entry, schema, announced };
    let mut base = first.clone();
    let mut attempts = 1;
    let mut held: Option<Held> = None;
    loop {
        let conflict = match Box::pin(work.attempt(what, base, held.is_some(), counter)).await {
            Err(error) if error.code == Code::CommitConflict && attempts < ATTEMPTS => error,
            outcome => return outcome,
        };
        attempts += 1;
        if attempts > FREE_ATTEMPTS && held.is_none() {
            held = Some(work.scope.engine.catalog.hold(&work.entry).await);
        }
        base = newest(what, &work.entry, work.scope).await?;
        // The statement was checked against the columns of the table that is gone.
        if !base.is_of_same_table(&first) {
            return Err(conflict);
        }
    }
}

/// Returns the newest version of the table.
async fn newest(what: What<'_>, entry: &Entry, scope: &Scope) -> Result<TableVersion, Error> {
    let newest = Box::pin(scope.engine.catalog.version(entry)).await?;
    newest.ok_or_else(|| {
        let (name, operation) = (&entry.name, what.operation());
        let message = format!("\"{name}\" is no Delta table, {operation} cannot change it");
        Error::unsupported(message)
    })
}

/// What a statement has to work with.
pub(super) struct Work<'a> {
    pub(super) scope: &'a Scope,
    parameters: &'a [Parameter],
    values: Vec<Value>,
    pub(super) entry: Entry,
    pub(super) schema: SchemaRef,
    /// The columns of the result.
    pub(super) announced: SchemaRef,
}

impl Work<'_> {
    /// Computes the rows and commits them, if the base is still the newest version. It was read
    /// before the rows: if they are newer, the commit is refused.
    async fn attempt(
        &self,
        what: What<'_>,
        base: TableVersion,
        is_held: bool,
        counter: &RowCounter,
    ) -> Result<Step, Error> {
        match what {
            What::Change(change) => {
                let is_delete = change.is_delete();
                let rewrite = Rewrite { base, is_delete, is_held };
                Box::pin(change::attempt(self, change, rewrite, counter)).await
            }
            What::Merge(merge) => {
                let rewrite = Rewrite { base, is_delete: false, is_held };
                Box::pin(merge::attempt(self, merge, rewrite, counter)).await
            }
        }
    }

    /// Opens the tables of a query as they are now, and plans it.
    pub(super) async fn plan(&self, query: Query) -> Result<LogicalPlan, Error> {
        let bound = Box::pin(bind(query, self.scope)).await?;
        let known = self.parameters.iter().map(|known| Some(Arc::clone(&known.field)));
        let plan = bound.plan(known.collect())?;
        with_values(&bound, plan, self.parameters, self.values.clone())
    }

    /// Returns how many rows a plan gives.
    pub(super) async fn count(&self, rows: &LogicalPlan) -> Result<u64, Error> {
        let plan = LogicalPlanBuilder::from(rows.clone())
            .aggregate(Vec::<Expr>::new(), vec![count_all()])?
            .build()?;
        let optimized = self.scope.state.optimize(&plan)?;
        let physical = physical(&optimized, self.scope).await?;
        let mut stream = execute_stream(physical, self.scope.task_context())?;
        let mut rows = 0;
        while let Some(batch) = stream.next().await.transpose()? {
            let counts = batch.column(0).as_primitive_opt::<Int64Type>();
            rows += counts.map_or(0, |counts| counts.values().iter().sum::<i64>());
        }
        Ok(u64::try_from(rows).unwrap_or(0))
    }

    /// Returns the place for the rows that the clause asks for, if there is one.
    pub(super) async fn returned(
        &self,
        returning: Option<&Query>,
        others: Option<Query>,
        is_merge: bool,
    ) -> Result<Option<Arc<Returned>>, Error> {
        let Some(returning) = returning else { return Ok(None) };
        let (columns, parameters, scope) = (&self.schema, self.parameters, self.scope);
        let clause = Clause::new(returning, others, is_merge, columns, parameters, scope);
        let clause = Box::pin(clause).await?;
        let values = self.values.clone();
        let returned = Returned::new(clause, &self.entry, columns, parameters, values, scope);
        Ok(Some(Arc::new(Box::pin(returned).await?)))
    }

    /// Starts a plan of rows with these columns.
    pub(super) async fn start(
        &self,
        plan: &LogicalPlan,
        columns: &SchemaRef,
        counter: &RowCounter,
    ) -> Result<Vec<SendableRecordBatchStream>, Error> {
        let (_, streams) = start(plan, self.scope, counter).await?;
        let shape = with_nulls(columns);
        Ok(streams.into_iter().map(|stream| align_stream(stream, &shape)).collect())
    }

    /// Puts the rows of all streams in the place of those of the table; returns the version that it
    /// is then.
    pub(super) async fn commit(
        &self,
        rewrite: Rewrite,
        streams: Vec<SendableRecordBatchStream>,
    ) -> Result<Option<i64>, Error> {
        let schema = SchemaRef::clone(&self.schema);
        let catalog = &self.scope.engine.catalog;
        let written = Box::pin(catalog.rewrite(&self.entry, rewrite, schema, streams)).await?;
        Ok(written.version)
    }
}

/// Returns the changed rows of a plan: the new values, which come first, in their columns, and the
/// old ones in all others.
pub(super) fn changed(
    columns: &[Ident],
    plan: LogicalPlan,
    schema: &SchemaRef,
) -> Result<LogicalPlan, Error> {
    let mut places: Vec<usize> =
        (0..schema.fields().len()).map(|index| index + columns.len()).collect();
    for (value, column) in columns.iter().enumerate() {
        let Some(place) = places.get_mut(find(column, schema)?) else { continue };
        if *place < columns.len() {
            let message = format!("column \"{}\" is set twice", column.value);
            return Err(Error::new(Code::SyntaxError, message));
        }
        *place = value;
    }
    let places: Vec<Option<usize>> = places.into_iter().map(Some).collect();
    projected(plan, &places, schema)
}
