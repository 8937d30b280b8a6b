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
    match handle.kind() {
        Kind::Query => {}
        Kind::Running if shared.jobs.cancel(handle.id()) => return Ok(CancelStatus::Cancelled),
        _ => return Ok(CancelStatus::NotCancellable),
    }
    let memory = shared.plans.recall(handle.id());
    if !memory.query_ids.is_empty() {
        let stopped = memory.query_ids.into_iter().map(|query_id| shared.engine.cancel(query_id));
        // Each of them is to end, not only the first.
        let stopped = stopped.fold(false, |any, stopped| any | stopped);
        return Ok(if stopped { CancelStatus::Cancelled } else { CancelStatus::NotCancellable });
    }
    shared.plans.remember(handle.id(), super::statement::TICKET_LIFE, |memory| {
        memory.plan = None;
        memory.division = None;
        memory.canceled = true;
    });
    Ok(CancelStatus::Cancelled)
}

fn described(shared: &Shared, call: &Call, info: &FlightInfo) -> Result<Handle, Failure> {
    let tickets = info.endpoint.iter().filter_map(|endpoint| endpoint.ticket.as_ref());
    // A statement that is polled has no endpoint yet.
    let polled = Some(&info.app_metadata).filter(|bytes| !bytes.is_empty());
    for ticket in tickets.map(|ticket| &ticket.ticket).chain(polled) {
        if let Command::TicketStatementQuery(TicketStatementQuery { statement_handle }) =
            command::of_bytes(ticket)?
        {
            return shared.open(&statement_handle, call);
        }
    }
    Err(Failure::invalid("the flight info does not describe a statement"))
}
