//! `PollFlightInfo`: a statement that writes runs on its own while the client asks for its end.
//!
//! A query is only planned here, so the first answer is the last. What the descriptor of an answer
//! names is the running statement; asked for nothing for some minutes, it is canceled.

use std::time::Duration;

use arrow_flight::sql::{Command, ProstMessageExt as _, TicketStatementQuery};
use arrow_flight::{FlightDescriptor, FlightInfo, PollInfo};
use prost::Message as _;
use uuid::Uuid;

use super::call::Call;
use super::handle::{Handle, HandleError, Kind};
use super::jobs::{Asked, LEASE};
use super::parameters::Rows;
use super::service::Shared;
use super::statement::{self, Planned};
use super::status::Failure;
use super::wire::schema_bytes;
use super::{command, info, metadata, prepared, updates};

/// How long one call waits for the end at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// Starts a statement, or says how far the one is that an earlier answer named.
pub(super) async fn poll(
    shared: &Shared,
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
        Command::CommandStatementQuery(command) => statement::plan(shared, call, &command).await?,
        Command::CommandPreparedStatementQuery(command) => {
            prepared::plan(shared, call, &command.prepared_statement_handle, None).await?
        }
        other => return Err(command::misplaced(&other, "PollFlightInfo")),
    };
    if planned.plan.is_query() {
        return Ok(finished(statement::announce(shared, call, descriptor, planned).await?));
    }
    start(shared, call, descriptor, planned).await
}

async fn start(
    shared: &Shared,
    call: &Call,
    descriptor: FlightDescriptor,
    planned: Planned,
) -> Result<PollInfo, Failure> {
    let rows: Rows = planned.rows()?;
    let handle = Handle::new(Kind::Running, &call.principal.identity(), "", &planned.settings);
    let asked = Asked { descriptor, settings: planned.settings.clone() };
    let work = async move { Box::pin(updates::run(&planned.plan, &rows)).await };
    shared.jobs.start(handle.id(), asked, work)?;
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
    let (asked, outcome) = shared.jobs.wait(handle.id(), patience).await?;
    let descriptor = asked.descriptor.clone();
    if let Some(count) = outcome.transpose()? {
        return Ok(finished(statement::done(shared, call, descriptor, &asked.settings, count)?));
    }
    let statement_handle = shared.signer.sign(&handle, LEASE);
    let token = TicketStatementQuery { statement_handle }.as_any().encode_to_vec();
    let running = FlightInfo {
        schema: schema_bytes(&statement::count_schema())?,
        flight_descriptor: Some(descriptor),
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
