//! Bulk ingestion, which is not done yet: a client is told what to do instead.

use arrow_flight::FlightData;
use arrow_flight::sql::{CommandStatementIngest, DoPutUpdateResult};
use futures::Stream;
use tonic::Status;

use super::command::without_transaction;
use super::status::Failure;

/// Writes a stream of batches into a table.
pub(super) fn ingest<S>(
    command: &CommandStatementIngest,
    messages: S,
) -> Result<DoPutUpdateResult, Failure>
where
    S: Stream<Item = Result<FlightData, Status>> + Send + 'static,
{
    without_transaction(command.transaction_id.as_ref())?;
    drop(messages);
    Err(Failure::unsupported(format!(
        "bulk ingestion into table \"{}\" is not supported yet; write a file and use CREATE TABLE ... AS SELECT, or bind rows to an INSERT",
        command.table
    )))
}
