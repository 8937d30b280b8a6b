//! `DELETE` and `UPDATE`: the rows of one version of a Delta table are written anew in the next.

use std::sync::Arc;

use arrow::array::AsArray as _;
use arrow::datatypes::{FieldRef, Int64Type, SchemaRef};
use datafusion::execution::SendableRecordBatchStream;
use datafusion::functions_aggregate::count::count_all;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::execute_stream;
use futures::StreamExt as _;
use futures::stream::select_all;
use godwit_catalog::{Entry, Held, Rewrite, TableVersion};
use sqlparser::ast::Query;

use super::insert::{find, projected};
use super::query::{physical, with_values};
use super::ready::Ready;
use super::returning::Returned;
use super::write::start;
use super::{Step, target};
use crate::Value;
use crate::error::{Code, Error};
use crate::outcome::Completion;
use crate::plan::{Scope, bind, entry_schema};
use crate::prepared::Parameter;
use crate::queries::RowCounter;
use crate::rights::Privilege;
use crate::sql::Change;
use crate::stream::{align_stream, with_nulls};

/// How often a change is computed while others may commit. After that they have to wait.
const FREE_ATTEMPTS: usize = 2;

/// How often a change is computed at most; only another server can be in the way of the last ones.
const ATTEMPTS: usize = 5;

pub(super) async fn run(
    change: &Change,
    ready: Ready,
    values: Vec<Value>,
    counter: &RowCounter,
) -> Result<Step, Error> {
    let Ready { scope, parameters, schema: announced, .. } = ready;
    let entry = table(change, &scope)?;
    let first = newest(change, &entry, &scope).await?;
    let schema = Box::pin(entry_schema(&entry, &scope)).await?;
    let parameters = &parameters;
    let work = Work { change, scope: &scope, parameters, values, entry, schema, announced };
    let mut base = first.clone();
    let mut attempts = 1;
    let mut held: Option<Held> = None;
    loop {
        let conflict = match Box::pin(work.attempt(base, held.is_some(), counter)).await {
            Err(error) if error.code == Code::CommitConflict && attempts < ATTEMPTS => error,
            outcome => return outcome,
        };
        attempts += 1;
        if attempts > FREE_ATTEMPTS && held.is_none() {
            held = Some(work.scope.engine.catalog.hold(&work.entry).await);
        }
        base = newest(change, &work.entry, work.scope).await?;
        // The statement was checked against the columns of the table that is gone.
        if !base.is_of_same_table(&first) {
            return Err(conflict);
        }
    }
}

/// Returns the newest version of the table.
async fn newest(change: &Change, entry: &Entry, scope: &Scope) -> Result<TableVersion, Error> {
    let newest = Box::pin(scope.engine.catalog.version(entry)).await?;
    newest.ok_or_else(|| {
        let message = format!(
            "\"{}\" is no Delta table, {} cannot change it",
            entry.name,
            change.operation()
        );
        Error::unsupported(message)
    })
}

/// Finds the table whose rows are changed.
fn table(change: &Change, scope: &Scope) -> Result<Entry, Error> {
    let privilege = if change.is_delete() { Privilege::Delete } else { Privilege::Update };
    target::changed(&target::parts(&change.table)?, &[privilege], scope)
}

/// Returns the columns that the first values of the query fill, in that order.
pub(super) async fn fields(change: &Change, scope: &Scope) -> Result<Vec<FieldRef>, Error> {
    let entry = table(change, scope)?;
    let schema = Box::pin(entry_schema(&entry, scope)).await?;
    let mut fields = Vec::with_capacity(change.columns.len());
    for column in &change.columns {
        fields.extend(schema.fields().get(find(column, &schema)?).cloned());
    }
    Ok(fields)
}

/// Returns the columns of the table.
pub(super) async fn columns(change: &Change, scope: &Scope) -> Result<SchemaRef, Error> {
    Box::pin(entry_schema(&table(change, scope)?, scope)).await
}

/// Checks that the new values fit the columns.
pub(super) async fn check(change: &Change, plan: &LogicalPlan, scope: &Scope) -> Result<(), Error> {
    let entry = table(change, scope)?;
    let schema = Box::pin(entry_schema(&entry, scope)).await?;
    changed(change, plan.clone(), &schema).map(|_| ())
}

struct Work<'a> {
    change: &'a Change,
    scope: &'a Scope,
    parameters: &'a [Parameter],
    values: Vec<Value>,
    entry: Entry,
    schema: SchemaRef,
    /// The columns of the result.
    announced: SchemaRef,
}

impl Work<'_> {
    /// Computes the rows and commits them, if the base is still the newest version. It was read
    /// before the rows: if they are newer, the commit is refused.
    async fn attempt(
        &self,
        base: TableVersion,
        is_held: bool,
        counter: &RowCounter,
    ) -> Result<Step, Error> {
        let found = self.plan(self.change.found()).await?;
        let rows = self.count(&found).await?;
        let returned = self
            .change
            .returning
            .as_deref()
            .map(|returning| (returning, Arc::new(Returned::new(&self.schema, self.scope))));
        let mut version = Some(base.number);
        if rows > 0 {
            let kept = returned.as_ref().map(|(_, returned)| returned);
            version = Box::pin(self.write(found, base, is_held, kept, counter)).await?;
        }
        if let Some((returning, returned)) = returned {
            let announced = SchemaRef::clone(&self.announced);
            return Box::pin(returned.step(returning, announced, self.scope, counter)).await;
        }
        let operation = self.change.operation();
        Ok(Step::Done(Completion { operation, rows_affected: Some(rows), version }))
    }

    /// Writes the table anew without the rows that were found, or with what they become. Returns
    /// the version that it is then.
    async fn write(
        &self,
        found: LogicalPlan,
        base: TableVersion,
        is_held: bool,
        returned: Option<&Arc<Returned>>,
        counter: &RowCounter,
    ) -> Result<Option<i64>, Error> {
        let is_delete = self.change.is_delete();
        let mut streams = Vec::new();
        if !is_delete || returned.is_some() {
            let plan = changed(self.change, found, &self.schema)?;
            streams = self.start(&plan, counter).await?;
            if let Some(returned) = returned {
                streams = Returned::keep(returned, streams);
            }
        }
        if is_delete {
            // Their rows go; they were asked for to be returned.
            let mut gone = select_all(std::mem::take(&mut streams));
            while gone.next().await.transpose()?.is_some() {}
        }
        if let Some(kept) = self.change.kept() {
            let plan = self.plan(kept).await?;
            streams.extend(self.start(&plan, counter).await?);
        }
        let rewrite = Rewrite { base, is_delete, is_held };
        let schema = SchemaRef::clone(&self.schema);
        let catalog = &self.scope.engine.catalog;
        let written = Box::pin(catalog.rewrite(&self.entry, rewrite, schema, streams)).await?;
        Ok(written.version)
    }

    /// Opens the tables of a query as they are now, and plans it.
    async fn plan(&self, query: Query) -> Result<LogicalPlan, Error> {
        let bound = Box::pin(bind(query, self.scope)).await?;
        let known = self.parameters.iter().map(|known| Some(Arc::clone(&known.field)));
        let plan = bound.plan(known.collect())?;
        with_values(&bound, plan, self.parameters, self.values.clone())
    }

    async fn count(&self, rows: &LogicalPlan) -> Result<u64, Error> {
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

    async fn start(
        &self,
        plan: &LogicalPlan,
        counter: &RowCounter,
    ) -> Result<Vec<SendableRecordBatchStream>, Error> {
        let (_, streams) = start(plan, self.scope, counter).await?;
        let shape = with_nulls(&self.schema);
        Ok(streams.into_iter().map(|stream| align_stream(stream, &shape)).collect())
    }
}

/// Returns the changed rows: the new values in their columns, and the old ones in all others.
fn changed(change: &Change, plan: LogicalPlan, schema: &SchemaRef) -> Result<LogicalPlan, Error> {
    let mut places: Vec<usize> =
        (0..schema.fields().len()).map(|index| index + change.columns.len()).collect();
    for (value, column) in change.columns.iter().enumerate() {
        let Some(place) = places.get_mut(find(column, schema)?) else { continue };
        if *place < change.columns.len() {
            let message = format!("column \"{}\" is set twice", column.value);
            return Err(Error::new(Code::SyntaxError, message));
        }
        *place = value;
    }
    let places: Vec<Option<usize>> = places.into_iter().map(Some).collect();
    projected(plan, &places, schema)
}
