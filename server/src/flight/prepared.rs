//! Prepared statements: made, bound, described, executed, closed.
//!
//! Their handles carry the statement itself, so closing one only forgets its plan.

use std::sync::Arc;
use std::time::Duration;

use arrow::datatypes::SchemaRef;
use arrow_flight::sql::{
    ActionClosePreparedStatementRequest, ActionCreatePreparedStatementRequest,
    ActionCreatePreparedStatementResult, Any, CommandPreparedStatementQuery,
    CommandPreparedStatementUpdate, DoPutPreparedStatementResult, DoPutUpdateResult,
    ProstMessageExt as _,
};
use arrow_flight::{FlightData, FlightDescriptor, FlightInfo};
use bytes::Bytes;
use futures::Stream;
use prost::Message as _;
use tonic::Status;

use super::call::Call;
use super::command::without_transaction;
use super::handle::{Handle, HandleError, Kind};
use super::parameters::{Bound, parameter_schema};
use super::service::Shared;
use super::statement::{FlightStream, Planned, announce, fetch_planned, issue};
use super::status::Failure;
use super::updates;
use super::wire::schema_bytes;

/// How long a prepared statement can be used. Pools keep them for long.
const STATEMENT_LIFE: Duration = Duration::from_hours(24);
/// How long the plan made at preparation waits for its first execution. A later one plans again,
/// because the tables may have changed.
const PLAN_LIFE: Duration = Duration::from_secs(2);
/// How long bound values wait for clients that keep using the handle they had before.
const BOUND_LIFE: Duration = Duration::from_hours(1);

/// The answer to `CreatePreparedStatement`, with the field that generated code lacks.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct CreatedStatement {
    /// The handle of the statement.
    #[prost(bytes = "bytes", tag = "1")]
    pub(super) prepared_statement_handle: Bytes,
    /// The schema of its rows; empty when it returns none.
    #[prost(bytes = "bytes", tag = "2")]
    pub(super) dataset_schema: Bytes,
    /// The schema of its parameters; empty when it takes none.
    #[prost(bytes = "bytes", tag = "3")]
    pub(super) parameter_schema: Bytes,
    /// Whether it must be executed as an update.
    #[prost(bool, optional, tag = "4")]
    pub(super) is_update: Option<bool>,
}

/// Plans a statement and returns its handle; executes nothing.
pub(super) async fn create(
    shared: &Shared,
    call: &Call,
    request: &ActionCreatePreparedStatementRequest,
) -> Result<Any, Failure> {
    without_transaction(request.transaction_id.as_ref())?;
    let settings = call.settings.clone();
    let plan = call.prepare(shared, &settings, &request.query).await?;
    let planned = Planned::new(plan, settings, None).await?;

    // Drivers send a statement with a schema as a query, so an update must not have one.
    let is_query = planned.plan.is_query();
    let dataset_schema =
        if is_query { schema_bytes(&planned.announced_schema())? } else { Bytes::new() };
    let parameters = planned.plan.parameters();
    // Without parameters too: drivers take nothing at all for a server that does not tell.
    let parameter_schema = schema_bytes(&parameter_schema(parameters))?;
    let principal = &call.principal.identity();
    let handle = Handle::new(Kind::Statement, principal, &request.query, &planned.settings);
    let id = handle.id();
    let prepared_statement_handle = issue(shared, handle, STATEMENT_LIFE);
    shared.plans.remember_plan(id, PLAN_LIFE, planned.plan);
    let created = CreatedStatement {
        prepared_statement_handle,
        dataset_schema,
        parameter_schema,
        is_update: Some(!is_query),
    };
    Ok(Any {
        type_url: ActionCreatePreparedStatementResult::type_url().to_owned(),
        value: created.encode_to_vec().into(),
    })
}

/// Forgets a prepared statement; forgetting it twice, or one we never knew, is fine.
pub(super) fn close(shared: &Shared, call: &Call, request: &ActionClosePreparedStatementRequest) {
    let handle = &request.prepared_statement_handle;
    if let Ok(handle) = shared.signer.open(handle, Kind::Statement, &call.principal.identity()) {
        shared.plans.forget(handle.id());
    }
}

/// Binds values to a statement, and returns the handle that carries them.
pub(super) async fn bind<S>(
    shared: &Shared,
    call: &Call,
    command: &CommandPreparedStatementQuery,
    messages: S,
) -> Result<DoPutPreparedStatementResult, Failure>
where
    S: Stream<Item = Result<FlightData, Status>> + Send + 'static,
{
    let mut handle = open(shared, call, &command.prepared_statement_handle)?;
    let bound = Bound::read(messages).await?;
    handle.parameters = bound.as_ref().map(Bound::to_ipc).transpose()?;
    let (id, parameters) = (handle.id(), handle.parameters.clone());
    let bytes = issue(shared, handle, STATEMENT_LIFE);
    // Older clients ignore the new handle, so the values wait here for the old one.
    shared.plans.remember(id, BOUND_LIFE, |memory| memory.parameters = parameters);
    Ok(DoPutPreparedStatementResult { prepared_statement_handle: Some(bytes) })
}

/// Describes the result of a prepared statement, or executes it when it returns no rows.
pub(super) async fn describe(
    shared: &Shared,
    call: &Call,
    descriptor: FlightDescriptor,
    command: CommandPreparedStatementQuery,
) -> Result<FlightInfo, Failure> {
    let planned = plan(shared, call, &command.prepared_statement_handle, None).await?;
    announce(shared, call, descriptor, planned).await
}

/// Returns the schema of a prepared statement.
pub(super) async fn schema(
    shared: &Shared,
    call: &Call,
    command: &CommandPreparedStatementQuery,
) -> Result<SchemaRef, Failure> {
    Ok(plan(shared, call, &command.prepared_statement_handle, None).await?.announced_schema())
}

/// Executes a prepared query whose command came as the ticket itself.
pub(super) async fn fetch(
    shared: &Arc<Shared>,
    call: &Call,
    command: &CommandPreparedStatementQuery,
) -> Result<FlightStream, Failure> {
    fetch_planned(call, plan(shared, call, &command.prepared_statement_handle, None).await?).await
}

/// Executes a prepared update, once for each row of the values that came with the call.
pub(super) async fn update<S>(
    shared: &Shared,
    call: &Call,
    command: &CommandPreparedStatementUpdate,
    messages: S,
) -> Result<DoPutUpdateResult, Failure>
where
    S: Stream<Item = Result<FlightData, Status>> + Send + 'static,
{
    let bound = Bound::read(messages).await?;
    let planned = plan(shared, call, &command.prepared_statement_handle, bound).await?;
    let rows = planned.rows()?;
    Ok(DoPutUpdateResult { record_count: updates::run(&planned.plan, &rows).await? })
}

fn open(shared: &Shared, call: &Call, bytes: &[u8]) -> Result<Handle, Failure> {
    let handle = shared.open(bytes, call)?;
    if handle.kind() == Kind::Statement { Ok(handle) } else { Err(HandleError::Invalid.into()) }
}

/// Returns the plan of a prepared statement with the values that came with the call, or were bound
/// before.
pub(super) async fn plan(
    shared: &Shared,
    call: &Call,
    bytes: &[u8],
    bound: Option<Bound>,
) -> Result<Planned, Failure> {
    let handle = open(shared, call, bytes)?;
    let settings = handle.settings(&call.settings);
    let memory = shared.plans.recall(handle.id());
    let bound = match (bound, handle.parameters.clone().or(memory.parameters)) {
        (Some(bound), _) => Some(bound),
        (None, Some(bytes)) => Some(Bound::from_ipc(&bytes)?),
        (None, None) => None,
    };
    // The plan made at preparation serves one execution; the next must see the tables anew.
    let plan = match memory.plan {
        Some(plan) => {
            shared.plans.amend(handle.id(), |memory| memory.plan = None);
            plan
        }
        None => call.prepare(shared, &settings, &handle.sql).await?,
    };
    Planned::new(plan, settings, bound).await
}
