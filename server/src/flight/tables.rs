//! `ListFlights`: the tables, for clients that speak plain Flight.

use arrow_flight::{Criteria, FlightDescriptor, FlightInfo};
use godwit_engine::{TableFilter, TableKind};

use super::call::Call;
use super::info;
use super::service::Shared;
use super::status::Failure;
use super::wire::wire_schema;

/// Returns a description of each table. The expression, if any, is a `LIKE` pattern for the name.
pub(super) async fn flights(
    shared: &Shared,
    call: &Call,
    criteria: &Criteria,
) -> Result<Vec<FlightInfo>, Failure> {
    let pattern = std::str::from_utf8(&criteria.expression)
        .map_err(|_error| Failure::invalid("the criteria are not text"))?;
    let filter = TableFilter {
        table_pattern: (!pattern.is_empty()).then(|| pattern.to_owned()),
        types: [TableKind::Table, TableKind::View].map(|kind| kind.flight_name().to_owned()).into(),
        with_schema: true,
        ..TableFilter::default()
    };
    let mut flights = Vec::new();
    for table in call.session(shared, &call.settings).tables(&filter).await? {
        let Some(columns) = &table.arrow_schema else { continue };
        let schema = wire_schema(columns, call.settings.geometry);
        let names = [&table.catalog, &table.schema, &table.name];
        let quoted = names.map(|name| format!("\"{}\"", name.replace('"', "\"\"")));
        let ticket = format!("SELECT * FROM {}", quoted.join("."));
        let path = FlightDescriptor::new_path(names.map(Clone::clone).into());
        flights.push(info::describe(&schema, path, ticket.into(), None)?);
    }
    Ok(flights)
}
