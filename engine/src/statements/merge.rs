//! `MERGE`: rows of a table change or go where those of a source match them, and others are added.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::LogicalPlan;
use futures::StreamExt as _;
use futures::stream::select_all;
use godwit_catalog::{Entry, Rewrite};

use super::insert::{aligned, aligned_beside};
use super::returning::Returned;
use super::rewrite::{Work, changed};
use super::{Step, target};
use crate::error::{Code, Error};
use crate::outcome::Completion;
use crate::plan::{Scope, bind, entry_schema};
use crate::prepared::Parameter;
use crate::queries::RowCounter;
use crate::rights::Privilege;
use crate::sql::{Action, Merge, others};

/// Finds the table, for which the principal must have the privilege of each clause.
pub(super) fn table(merge: &Merge, scope: &Scope) -> Result<Entry, Error> {
    let mut privileges = Vec::new();
    for action in merge.actions() {
        privileges.extend(match action {
            Action::Update(_) => Some(Privilege::Update),
            Action::Delete => Some(Privilege::Delete),
            Action::Insert { .. } => Some(Privilege::Insert),
            Action::Nothing => None,
        });
    }
    target::changed(&target::parts(&merge.table)?, &privileges, scope)
}

/// Returns the columns of the table.
pub(super) async fn columns(merge: &Merge, scope: &Scope) -> Result<SchemaRef, Error> {
    Box::pin(entry_schema(&table(merge, scope)?, scope)).await
}

/// Checks that the values of each clause fit the columns.
pub(super) async fn check(
    merge: &Merge,
    parameters: &[Parameter],
    scope: &Scope,
) -> Result<(), Error> {
    let schema = Box::pin(columns(merge, scope)).await?;
    let known = || parameters.iter().map(|known| Some(Arc::clone(&known.field)));
    for (columns, query) in merge.updates(&[]) {
        let plan = Box::pin(bind(query, scope)).await?.plan(known().collect())?;
        changed(columns, plan, &schema)?;
    }
    for (columns, query) in merge.inserts(&[]) {
        let plan = Box::pin(bind(query, scope)).await?.plan(known().collect())?;
        aligned(plan, columns, &schema)?;
    }
    Ok(())
}

/// Finds the rows and commits what becomes of them, and those that are new.
pub(super) async fn attempt(
    work: &Work<'_>,
    merge: &Merge,
    rewrite: Rewrite,
    counter: &RowCounter,
) -> Result<Step, Error> {
    let (returning, others) = (merge.returning.as_deref(), others(&merge.query));
    let returned = Box::pin(work.returned(returning, others, true)).await?;
    let clause = returned.as_ref().map(|returned| &returned.clause);
    let asked = clause.map(|clause| clause.asked.as_slice()).unwrap_or_default();
    let columns = clause.map_or(&work.schema, |clause| &clause.columns);
    let beside = columns.fields().get(work.schema.fields().len()..).unwrap_or_default();
    let mut rows = matched(work, merge).await?;
    if let Some(query) = merge.found_without_match() {
        rows += work.count(&work.plan(query).await?).await?;
    }
    let mut plans = Vec::new();
    for (filled, query) in merge.inserts(asked) {
        let plan = work.plan(query).await?;
        rows += work.count(&plan).await?;
        plans.push(aligned_beside(plan, filled, &work.schema, beside)?);
    }
    let mut version = Some(rewrite.base.number);
    if rows > 0 {
        for (set, query) in merge.updates(asked) {
            plans.push(changed(set, work.plan(query).await?, columns)?);
        }
        let written = Box::pin(start(work, &plans, columns, counter)).await?;
        let kept = kept(work, merge, returned.as_ref(), written, counter);
        let mut streams = Box::pin(kept).await?;
        if let Some(query) = merge.kept() {
            let plan = work.plan(query).await?;
            streams.extend(work.start(&plan, &work.schema, counter).await?);
        }
        version = work.commit(rewrite, streams).await?;
    }
    if let Some(returned) = returned {
        return Box::pin(returned.step(SchemaRef::clone(&work.announced), counter)).await;
    }
    Ok(Step::Done(Completion { operation: "MERGE", rows_affected: Some(rows), version }))
}

/// Starts plans of rows with these columns.
async fn start(
    work: &Work<'_>,
    plans: &[LogicalPlan],
    columns: &SchemaRef,
    counter: &RowCounter,
) -> Result<Vec<SendableRecordBatchStream>, Error> {
    let mut streams = Vec::new();
    for plan in plans {
        streams.extend(work.start(plan, columns, counter).await?);
    }
    Ok(streams)
}

/// Returns the streams of rows that are written, which are kept to be returned, as are those that
/// go.
async fn kept(
    work: &Work<'_>,
    merge: &Merge,
    returned: Option<&Arc<Returned>>,
    mut streams: Vec<SendableRecordBatchStream>,
    counter: &RowCounter,
) -> Result<Vec<SendableRecordBatchStream>, Error> {
    let Some(returned) = returned else { return Ok(streams) };
    let (written, columns) = (streams.len(), &returned.clause.columns);
    for (_, query) in merge.deletes(&returned.clause.asked) {
        let plan = changed(&[], work.plan(query).await?, columns)?;
        streams.extend(work.start(&plan, columns, counter).await?);
    }
    let mut streams = Returned::keep(returned, streams);
    let mut gone = select_all(streams.split_off(written));
    while gone.next().await.transpose()?.is_some() {}
    Ok(streams)
}

/// Returns how many rows with a match change or go; each must do so for one row of the source.
async fn matched(work: &Work<'_>, merge: &Merge) -> Result<u64, Error> {
    let (Some(found), Some(matches)) = (merge.found(), merge.matches()) else { return Ok(0) };
    let rows = work.count(&work.plan(found).await?).await?;
    if rows > 0 && work.count(&work.plan(matches).await?).await? > rows {
        let message = "MERGE cannot affect a row a second time";
        return Err(Error::new(Code::CardinalityViolation, message)
            .with_hint("Ensure that not more than one row of the source matches a row."));
    }
    Ok(rows)
}
