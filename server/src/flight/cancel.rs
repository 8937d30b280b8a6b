//! Cancellation of a described statement, before or while it is fetched.

use arrow_flight::sql::{Command, TicketStatementQuery};
use arrow_flight::{CancelStatus, FlightInfo};

use super::call::Call;
use super::command;
use super::handle::{Handle, Kind};
use super::service::Shared;
use super::status::Failure;

/// Cancels the statement that `info` describes.
pub(super) fn cancel(
    shared: &Shared,
    call: &Call,
    info: &FlightInfo,
) -> Result<CancelStatus, Failure> {
    let handle = described(shared, call, info)?;
    if handle.kind() != Kind::Query {
        return Ok(CancelStatus::NotCancellable);
    }
    let memory = shared.plans.recall(handle.id());
    if let Some(query_id) = memory.query_id {
        let stopped = shared.engine.cancel(query_id);
        return Ok(if stopped { CancelStatus::Cancelled } else { CancelStatus::NotCancellable });
    }
    shared.plans.remember(handle.id(), super::statement::TICKET_LIFE, |memory| {
        memory.plan = None;
        memory.canceled = true;
    });
    Ok(CancelStatus::Cancelled)
}

fn described(shared: &Shared, call: &Call, info: &FlightInfo) -> Result<Handle, Failure> {
    for endpoint in &info.endpoint {
        let Some(ticket) = &endpoint.ticket else { continue };
        if let Command::TicketStatementQuery(TicketStatementQuery { statement_handle }) =
            command::of_bytes(&ticket.ticket)?
        {
            return shared.open(&statement_handle, call);
        }
    }
    Err(Failure::invalid("the flight info does not describe a statement"))
}
