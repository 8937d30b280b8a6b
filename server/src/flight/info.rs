//! The answers to `GetFlightInfo`: no location, the schema of the profile, one endpoint unless more
//! were asked for.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use arrow::datatypes::Schema;
use arrow_flight::sql::{ProstMessageExt as _, TicketStatementQuery};
use arrow_flight::{FlightDescriptor, FlightEndpoint, FlightInfo, Ticket};
use bytes::Bytes;
use prost::Message as _;

use super::status::Failure;
use super::wire::schema_bytes;

/// Returns the description of a result that `ticket` fetches.
///
/// No location is named: clients then reuse their connection, whatever address and certificate
/// they reached the server with.
pub(super) fn describe(
    schema: &Schema,
    descriptor: FlightDescriptor,
    ticket: Bytes,
    total_records: Option<i64>,
) -> Result<FlightInfo, Failure> {
    let endpoint = FlightEndpoint { ticket: Some(Ticket { ticket }), ..FlightEndpoint::default() };
    Ok(FlightInfo {
        schema: schema_bytes(schema)?,
        flight_descriptor: Some(descriptor),
        endpoint: vec![endpoint],
        total_records: total_records.unwrap_or(-1),
        total_bytes: -1,
        ordered: true,
        app_metadata: Bytes::new(),
    })
}

/// Returns the description of a result whose rows, in any order, are behind several tickets.
pub(super) fn describe_shares(
    schema: &Schema,
    descriptor: FlightDescriptor,
    tickets: Vec<Bytes>,
) -> Result<FlightInfo, Failure> {
    let mut info = describe(schema, descriptor, Bytes::new(), None)?;
    let endpoint =
        |ticket| FlightEndpoint { ticket: Some(Ticket { ticket }), ..FlightEndpoint::default() };
    info.endpoint = tickets.into_iter().map(endpoint).collect();
    info.ordered = false;
    Ok(info)
}

/// Says how long the tickets of a result are good for.
pub(super) fn expiring(mut info: FlightInfo, life: Duration) -> FlightInfo {
    for endpoint in &mut info.endpoint {
        expire(endpoint, life);
    }
    info
}

/// Says how long the ticket of an endpoint is good for.
pub(super) fn expire(endpoint: &mut FlightEndpoint, life: Duration) {
    endpoint.expiration_time.get_or_insert_default().seconds = seconds_at(life);
}

/// Returns the time after a while, in seconds since 1970.
pub(super) fn seconds_at(life: Duration) -> i64 {
    let at = SystemTime::now() + life;
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Returns the ticket of a statement handle.
pub(super) fn statement_ticket(statement_handle: Bytes) -> Bytes {
    TicketStatementQuery { statement_handle }.as_any().encode_to_vec().into()
}
