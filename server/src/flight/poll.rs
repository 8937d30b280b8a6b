//! `PollFlightInfo`: a statement that writes runs on its own while the client asks for its end.
//!
//! A query is only planned here, so the first answer is the last, unless statements before it in the
//! text write. What the descriptor of an answer names is the running statement; asked for nothing for
//! some minutes, it is canceled.

use std::sync::Arc;
use std::time::Duration;

use arrow_flight::sql::{Command, ProstMessageExt as _, TicketStatementQuery};
use arrow_flight::{FlightDescriptor, FlightInfo, PollInfo};
use prost::Message as _;
use uuid::Uuid;

use super::call::Call;
use super::handle::{Handle, HandleError, Kind};
use super::jobs::LEASE;
use super::service::Shared;
use super::statement;
use super::status::Failure;
use super::wire::schema_bytes;
use super::{command, info, metadata, prepared};

/// How long one call waits for the end at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// Starts a statement, or says how far the one is that an earlier answer named.
pub(super) async fn poll(
    shared: &Arc<Shared>,
    call: &Call,
    descriptor: FlightDescriptor,
) -> Result<PollInfo, Failure> {
    let command = command::of_descriptor(&descriptor)?;
    if let Some(schema) = metadata::schema(&command) {
        return Ok(finished(info::describe(&schema, descriptor.clone(), descriptor.cmd, None)?));
    }
    let planned = match command {
        Command::TicketStatementQuery(ticket) => {
            let handle = shared.open(&ticket.statement_handle, call)?;
            if handle.kind() != Kind::Running {
                return Err(HandleError::Invalid.into());
            }
            return answer(shared, call, handle).await;
        }
        Command::CommandStatementQuery(command) => {
            let session = call.session(shared, &call.settings);
            if session.statements(&command.query).await?.len() > 1 {
                let (engine, caller, asked) =
                    (Arc::clone(shared), call.clone(), descriptor.clone());
                let work = async move {
                    let planned = Box::pin(statement::plan(&engine, &caller, &command)).await?;
                    Box::pin(statement::announce(&engine, &caller, asked, planned)).await
                };
                return start(shared, call, descriptor, work).await;
            }
            statement::plan(shared, call, &command).await?
        }
        Command::CommandPreparedStatementQuery(command) => {
            prepared::plan(shared, call, &command.prepared_statement_handle, None).await?
        }
        other => return Err(command::misplaced(&other, "PollFlightInfo")),
    };
    if planned.plan.is_query() {
        return Ok(finished(statement::announce(shared, call, descriptor, planned).await?));
    }
    planned.rows()?;
    let (engine, caller, asked) = (Arc::clone(shared), call.clone(), descriptor.clone());
    let work = async move { Box::pin(statement::announce(&engine, &caller, asked, planned)).await };
    start(shared, call, descriptor, work).await
}

/// Starts what describes a statement when it is over.
async fn start(
    shared: &Shared,
    call: &Call,
    descriptor: FlightDescriptor,
    work: impl Future<Output = Result<FlightInfo, Failure>> + Send + 'static,
) -> Result<PollInfo, Failure> {
    let handle = Handle::new(Kind::Running, &call.principal.identity(), "", &call.settings);
    shared.jobs.start(handle.id(), descriptor, work)?;
    let mut unanswered = Unanswered { shared, id: Some(handle.id()) };
    let answer = answer(shared, call, handle).await;
    unanswered.id = None;
    answer
}

/// Cancels a statement whose client went away before it learnt how to ask for it.
struct Unanswered<'a> {
    shared: &'a Shared,
    id: Option<Uuid>,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.shared.jobs.cancel(id);
        }
    }
}

async fn answer(shared: &Shared, call: &Call, handle: Handle) -> Result<PollInfo, Failure> {
    // The answer must be there before the client gives up.
    let patience = call.patience.map_or(PATIENCE, |limit| PATIENCE.min(limit / 2));
    let (descriptor, outcome) = shared.jobs.wait(handle.id(), patience).await?;
    if let Some(described) = outcome.transpose()? {
        return Ok(finished(described));
    }
    let statement_handle = shared.signer.sign(&handle, LEASE);
    let token = TicketStatementQuery { statement_handle }.as_any().encode_to_vec();
    let running = FlightInfo {
        schema: schema_bytes(&statement::count_schema())?,
        flight_descriptor: Some(descriptor.as_ref().clone()),
        total_records: -1,
        total_bytes: -1,
        // What `CancelFlightInfo` knows the statement by.
        app_metadata: token.clone().into(),
        ..FlightInfo::default()
    };
    let mut answer = PollInfo {
        info: Some(running),
        flight_descriptor: Some(FlightDescriptor::new_cmd(token)),
        // How many rows there will be is not known.
        progress: None,
        expiration_time: None,
    };
    answer.expiration_time.get_or_insert_default().seconds = info::seconds_at(LEASE);
    Ok(answer)
}

fn finished(info: FlightInfo) -> PollInfo {
    PollInfo {
        info: Some(info),
        flight_descriptor: None,
        progress: Some(1.0),
        expiration_time: None,
    }
}
