//! Statements that return no rows, and what they count.

use arrow_flight::sql::{CommandStatementUpdate, DoPutUpdateResult};
use futures::TryStreamExt as _;
use godwit_engine::{Outcome, Prepared};

use super::call::Call;
use super::command::without_transaction;
use super::parameters::Rows;
use super::service::Shared;
use super::several::plan_last;
use super::status::Failure;

/// Executes a statement's text and returns how many rows it changed; of several, how many the last
/// one did.
pub(super) async fn statement(
    shared: &Shared,
    call: &Call,
    command: &CommandStatementUpdate,
) -> Result<DoPutUpdateResult, Failure> {
    without_transaction(command.transaction_id.as_ref())?;
    let plan = Box::pin(plan_last(shared, call, &call.settings, &command.query)).await?;
    let rows = Rows::unbound(plan.parameters())?;
    Ok(DoPutUpdateResult { record_count: run(&plan, &rows).await? })
}

/// Executes a statement for each row of values, and returns the sum of what it counted: rows
/// written, 0 for a definition, and the rows read if it is a query after all.
///
/// An `INSERT` of many rows of values is one execution and one commit, and so are up to some hundreds
/// of rows of an `UPDATE` or `DELETE`.
pub(super) async fn run(plan: &Prepared, rows: &Rows) -> Result<i64, Failure> {
    if rows.len() > 1
        && let Some(execution) = Box::pin(plan.execute_rows(rows.columns())).await?
        && let Outcome::Done(completion) = execution.outcome
    {
        return Ok(i64::try_from(completion.rows_affected.unwrap_or(0)).unwrap_or(i64::MAX));
    }
    let mut total: u64 = 0;
    for row in 0..rows.len() {
        let execution = Box::pin(plan.execute(rows.row(row)?)).await?;
        let query_id = execution.query_id;
        total += match execution.outcome {
            Outcome::Done(completion) => completion.rows_affected.unwrap_or(0),
            Outcome::Rows(mut stream) => {
                let mut count: u64 = 0;
                while let Some(batch) =
                    stream.try_next().await.map_err(|error| Failure::of_query(&error, query_id))?
                {
                    count += batch.num_rows() as u64;
                }
                count
            }
        };
    }
    Ok(i64::try_from(total).unwrap_or(i64::MAX))
}
