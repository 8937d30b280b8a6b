//! Bulk ingestion: the rows of a `DoPut` stream become a table, or more rows of one.

use arrow_flight::FlightData;
use arrow_flight::sql::{
    CommandStatementIngest, DoPutUpdateResult, TableDefinitionOptions, TableExistsOption,
    TableNotExistOption,
};
use futures::Stream;
use godwit_engine::{Ingest, IngestMode};
use tonic::Status;

use super::call::Call;
use super::command::without_transaction;
use super::service::Shared;
use super::status::Failure;
use super::upload::Upload;

/// Writes a stream of batches into a table, in one commit, and returns how many rows there were.
pub(super) async fn ingest<S>(
    shared: &Shared,
    call: &Call,
    command: CommandStatementIngest,
    messages: S,
) -> Result<DoPutUpdateResult, Failure>
where
    S: Stream<Item = Result<FlightData, Status>> + Send + 'static,
{
    without_transaction(command.transaction_id.as_ref())?;
    let ingest = Ingest {
        mode: mode(command.table_definition_options.as_ref())?,
        catalog: command.catalog,
        schema: command.schema,
        table: command.table,
        is_temporary: command.temporary,
        options: command.options.into_iter().collect(),
    };
    let Some((schema, upload)) = Upload::begin(messages).await? else {
        return Err(Failure::invalid("the stream to ingest has no schema"));
    };
    let session = call.session(shared, &call.settings);
    let done = Box::pin(session.ingest(&ingest, &schema, upload.rows())).await?;
    let rows = done.rows_affected.unwrap_or(0);
    Ok(DoPutUpdateResult { record_count: i64::try_from(rows).unwrap_or(i64::MAX) })
}

fn mode(options: Option<&TableDefinitionOptions>) -> Result<IngestMode, Failure> {
    use TableExistsOption as Exists;
    use TableNotExistOption as Missing;

    let (missing, exists) = match options {
        Some(options) => (options.if_not_exist(), options.if_exists()),
        None => (Missing::Unspecified, Exists::Unspecified),
    };
    match (missing, exists) {
        (Missing::Create, Exists::Fail) => Ok(IngestMode::Create),
        (Missing::Fail, Exists::Append) => Ok(IngestMode::Append),
        (Missing::Create, Exists::Replace) => Ok(IngestMode::Replace),
        (Missing::Create, Exists::Append) => Ok(IngestMode::CreateOrAppend),
        (Missing::Fail, Exists::Replace | Exists::Fail) => Err(Failure::unsupported(
            "an ingestion creates, appends, replaces, or creates or appends",
        )),
        (Missing::Unspecified, _) | (_, Exists::Unspecified) => Err(Failure::invalid(
            "the ingestion does not say what to do when the table exists and when it does not",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_is_told_apart_and_none_is_guessed() {
        let read = |if_not_exist, if_exists| {
            mode(Some(&TableDefinitionOptions { if_not_exist, if_exists }))
        };
        let modes = [
            ((1, 1), IngestMode::Create),
            ((2, 2), IngestMode::Append),
            ((1, 3), IngestMode::Replace),
            ((1, 2), IngestMode::CreateOrAppend),
        ];
        for ((missing, exists), expected) in modes {
            assert_eq!(read(missing, exists).unwrap(), expected);
        }
        for (missing, exists) in [(0, 1), (1, 0), (2, 1), (2, 3), (9, 9)] {
            assert!(read(missing, exists).is_err(), "{missing} {exists}");
        }
        assert!(mode(None).is_err());
    }
}
