//! `MERGE`: rows of a table change or go where those of a source match them, and others are added.

use std::sync::Arc;

use godwit_catalog::{Entry, Rewrite};

use super::insert::aligned;
use super::rewrite::{Work, changed};
use super::{Step, target};
use crate::error::{Code, Error};
use crate::outcome::Completion;
use crate::plan::{Scope, bind, entry_schema};
use crate::prepared::Parameter;
use crate::queries::RowCounter;
use crate::rights::Privilege;
use crate::sql::{Action, Merge};

/// Finds the table, for which the principal must have the privilege of each clause.
pub(super) fn table(merge: &Merge, scope: &Scope) -> Result<Entry, Error> {
    let mut privileges = Vec::new();
    for action in merge.matched.iter().chain(&merge.unmatched) {
        privileges.extend(match action {
            Action::Update(_) => Some(Privilege::Update),
            Action::Delete => Some(Privilege::Delete),
            Action::Insert { .. } => Some(Privilege::Insert),
            Action::Nothing => None,
        });
    }
    target::changed(&target::parts(&merge.table)?, &privileges, scope)
}

/// Checks that the values of each clause fit the columns.
pub(super) async fn check(
    merge: &Merge,
    parameters: &[Parameter],
    scope: &Scope,
) -> Result<(), Error> {
    let schema = Box::pin(entry_schema(&table(merge, scope)?, scope)).await?;
    let known = || parameters.iter().map(|known| Some(Arc::clone(&known.field)));
    for (columns, query) in merge.updates() {
        let plan = Box::pin(bind(query, scope)).await?.plan(known().collect())?;
        changed(columns, plan, &schema)?;
    }
    for (columns, query) in merge.inserts() {
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
    let mut rows = matched(work, merge).await?;
    let mut inserts = Vec::new();
    for (columns, query) in merge.inserts() {
        let plan = work.plan(query).await?;
        rows += work.count(&plan).await?;
        inserts.push(aligned(plan, columns, &work.schema)?);
    }
    let mut version = Some(rewrite.base.number);
    if rows > 0 {
        let mut streams = Vec::new();
        for (columns, query) in merge.updates() {
            let plan = changed(columns, work.plan(query).await?, &work.schema)?;
            streams.extend(work.start(&plan, counter).await?);
        }
        for plan in inserts {
            streams.extend(work.start(&plan, counter).await?);
        }
        if let Some(kept) = merge.kept() {
            streams.extend(work.start(&work.plan(kept).await?, counter).await?);
        }
        version = work.commit(rewrite, streams).await?;
    }
    Ok(Step::Done(Completion { operation: "MERGE", rows_affected: Some(rows), version }))
}

/// Returns how many rows change or go; each must do so for one row of the source.
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
