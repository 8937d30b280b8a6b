//! `DELETE` and `UPDATE`: rows of a table go, or get other values.

use std::sync::Arc;

use arrow::datatypes::{FieldRef, SchemaRef};
use datafusion::logical_expr::LogicalPlan;
use futures::StreamExt as _;
use futures::stream::select_all;
use godwit_catalog::{Entry, Rewrite};

use super::insert::find;
use super::returning::Returned;
use super::rewrite::{Work, changed};
use super::{Step, target};
use crate::error::Error;
use crate::outcome::Completion;
use crate::plan::{Scope, entry_schema};
use crate::queries::RowCounter;
use crate::rights::Privilege;
use crate::sql::{Change, others};

/// Finds the table whose rows are changed.
pub(super) fn table(change: &Change, scope: &Scope) -> Result<Entry, Error> {
    let privilege = if change.is_delete() { Privilege::Delete } else { Privilege::Update };
    target::changed(&target::parts(&change.table)?, &[privilege], scope)
}

/// Returns the columns that the first values of the query fill, in that order.
pub(super) async fn fields(change: &Change, scope: &Scope) -> Result<Vec<FieldRef>, Error> {
    let schema = Box::pin(columns(change, scope)).await?;
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
    let schema = Box::pin(columns(change, scope)).await?;
    changed(&change.columns, plan.clone(), &schema).map(|_| ())
}

/// Finds the rows and commits what becomes of them.
pub(super) async fn attempt(
    work: &Work<'_>,
    change: &Change,
    rewrite: Rewrite,
    counter: &RowCounter,
) -> Result<Step, Error> {
    let (returning, others) = (change.returning.as_deref(), others(&change.query));
    let returned = Box::pin(work.returned(returning, others, false)).await?;
    let asked = returned.as_ref().map(|returned| returned.clause.asked.as_slice());
    let found = work.plan(change.found(asked.unwrap_or_default())).await?;
    let rows = work.count(&found).await?;
    let mut version = Some(rewrite.base.number);
    if rows > 0 {
        version = Box::pin(write(work, change, found, rewrite, returned.as_ref(), counter)).await?;
    }
    if let Some(returned) = returned {
        return Box::pin(returned.step(SchemaRef::clone(&work.announced), counter)).await;
    }
    let operation = change.operation();
    Ok(Step::Done(Completion { operation, rows_affected: Some(rows), version }))
}

/// Writes the table anew without the rows that were found, or with what they become. Returns the
/// version that it is then.
async fn write(
    work: &Work<'_>,
    change: &Change,
    found: LogicalPlan,
    rewrite: Rewrite,
    returned: Option<&Arc<Returned>>,
    counter: &RowCounter,
) -> Result<Option<i64>, Error> {
    let mut streams = Vec::new();
    if !change.is_delete() || returned.is_some() {
        let columns = returned.map_or(&work.schema, |returned| &returned.clause.columns);
        let plan = changed(&change.columns, found, columns)?;
        streams = work.start(&plan, columns, counter).await?;
        if let Some(returned) = returned {
            streams = Returned::keep(returned, streams);
        }
    }
    if change.is_delete() {
        // Their rows go; they were asked for to be returned.
        let mut gone = select_all(std::mem::take(&mut streams));
        while gone.next().await.transpose()?.is_some() {}
    }
    if let Some(kept) = change.kept() {
        let plan = work.plan(kept).await?;
        streams.extend(work.start(&plan, &work.schema, counter).await?);
    }
    work.commit(rewrite, streams).await
}
