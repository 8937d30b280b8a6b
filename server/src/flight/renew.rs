//! `RenewFlightEndpoint`: more time to fetch a result.

use arrow_flight::sql::{Command, TicketStatementQuery};
use arrow_flight::{FlightEndpoint, Ticket};

use super::call::Call;
use super::handle::{Handle, HandleError, Kind};
use super::partitions::SHARES_LIFE;
use super::service::Shared;
use super::statement::TICKET_LIFE;
use super::status::Failure;
use super::{command, info};

/// Returns the endpoint with a ticket that is good for longer. The ticket of a metadata command is
/// good forever and stays what it is.
pub(super) fn renew(
    shared: &Shared,
    call: &Call,
    endpoint: FlightEndpoint,
) -> Result<FlightEndpoint, Failure> {
    let Some(ticket) = &endpoint.ticket else {
        return Err(Failure::invalid("the endpoint has no ticket"));
    };
    let command = command::of_bytes(&ticket.ticket)?;
    let Command::TicketStatementQuery(TicketStatementQuery { statement_handle }) = command else {
        return Ok(endpoint);
    };
    // What is kept here is opened as it travelled, so that it stays here.
    let handle = shared.signer.open_any(&statement_handle, &call.principal.identity())?;
    if !matches!(handle.kind(), Kind::Query | Kind::Done) {
        return Err(HandleError::Invalid.into());
    }
    if handle.share > 0 {
        return renew_share(shared, &handle, endpoint);
    }
    if handle.kept && shared.plans.recall(handle.id()).content.is_none() {
        return Err(HandleError::Expired.into());
    }
    if handle.kept {
        shared.plans.remember(handle.id(), TICKET_LIFE, |_| {});
    }
    let ticket = info::statement_ticket(shared.signer.sign(&handle, TICKET_LIFE));
    let mut renewed = FlightEndpoint { ticket: Some(Ticket { ticket }), ..endpoint };
    info::expire(&mut renewed, TICKET_LIFE);
    Ok(renewed)
}

/// Renews the endpoint of a share, and with it the memory that all shares need.
fn renew_share(
    shared: &Shared,
    handle: &Handle,
    endpoint: FlightEndpoint,
) -> Result<FlightEndpoint, Failure> {
    if shared.plans.recall(handle.id()).division.is_none() {
        return Err(HandleError::Expired.into());
    }
    shared.plans.remember(handle.id(), SHARES_LIFE, |_| {});
    let ticket = info::statement_ticket(shared.signer.sign(handle, SHARES_LIFE));
    let mut renewed = FlightEndpoint { ticket: Some(Ticket { ticket }), ..endpoint };
    info::expire(&mut renewed, SHARES_LIFE);
    Ok(renewed)
}
