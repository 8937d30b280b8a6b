//! Results in several streams, for clients that ask for them: one endpoint a share of the files.
//!
//! A share is executed when it is fetched and reads only its own files, so that one that nobody
//! fetches costs nothing but the memory of a plan, which expires.

use std::sync::Arc;
use std::time::Duration;

use arrow_flight::{FlightDescriptor, FlightInfo};
use godwit_engine::{Code, Division, Error, Outcome};

use super::call::Call;
use super::execution::Execution;
use super::handle::{Handle, HandleError, Kind};
use super::info;
use super::parameters::Rows;
use super::service::Shared;
use super::statement::{FlightStream, Planned, send};
use super::status::Failure;
use super::wire::Profile;

/// How long the shares of a result can be fetched.
pub(super) const SHARES_LIFE: Duration = Duration::from_mins(15);

/// Describes a query in shares; nothing if it has to be one stream.
pub(super) async fn announce(
    shared: &Shared,
    call: &Call,
    descriptor: &FlightDescriptor,
    planned: &Planned,
    rows: &Rows,
) -> Result<Option<FlightInfo>, Failure> {
    let count = planned.settings.partitions.count();
    if count < 2 || rows.len() != 1 {
        return Ok(None);
    }
    let Some(division) = Box::pin(planned.plan.divide(rows.row(0)?, count)).await? else {
        return Ok(None);
    };
    let (principal, sql) = (call.principal.identity(), planned.plan.sql());
    let mut handle = Handle::new(Kind::Query, &principal, sql, &planned.settings);
    // What it takes to run the statement stays here with its open tables.
    handle.sql.clear();
    let mut tickets = Vec::with_capacity(division.count());
    for _ in 0..division.count() {
        handle.share += 1;
        tickets.push(info::statement_ticket(shared.signer.sign(&handle, SHARES_LIFE)));
    }
    shared.plans.remember(handle.id(), SHARES_LIFE, |memory| memory.division = Some(division));
    let described =
        info::describe_shares(&planned.announced_schema(), descriptor.clone(), tickets)?;
    Ok(Some(info::expiring(described, SHARES_LIFE)))
}

/// Executes a share.
pub(super) async fn fetch(
    shared: &Arc<Shared>,
    call: &Call,
    handle: &Handle,
) -> Result<FlightStream, Failure> {
    let memory = shared.plans.recall(handle.id());
    if memory.canceled {
        return Err(Error::new(Code::Canceled, "the query was canceled").into());
    }
    let division: Division = memory.division.ok_or(HandleError::Expired)?;
    let index = usize::try_from(handle.share).unwrap_or_default().checked_sub(1);
    let index = index.ok_or(HandleError::Invalid)?;
    let settings = handle.settings(&call.settings);
    let profile = Profile::new(&division.schema(), settings.geometry);
    let execution = Box::pin(division.execute(index)).await?;
    let query_id = execution.query_id;
    shared.plans.amend(handle.id(), |memory| {
        // Who reads the same share again and again does not make the list longer.
        memory.query_ids.retain(|query_id| shared.engine.is_running(*query_id));
        memory.query_ids.push(query_id);
    });
    let Outcome::Rows(rows) = execution.outcome else {
        return Err(Failure::internal("a share of a query has no rows"));
    };
    send(call, profile, Execution::of(query_id, rows))
}
