//! The answers to `GetFlightInfo`: one endpoint, no location, the schema of the profile.

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

/// Returns the ticket of a statement handle.
pub(super) fn statement_ticket(statement_handle: Bytes) -> Bytes {
    TicketStatementQuery { statement_handle }.as_any().encode_to_vec().into()
}
