//! Statements sent as text: planned or executed by `GetFlightInfo`, fetched by `DoGet`.
//!
//! A query is planned when it is described and executed when it is fetched. Any other statement is
//! executed exactly once: when it is described, because clients need not fetch what has no rows, or
//! when it is fetched if it has, by `RETURNING`. Those before the last in a text of several are
//! executed when it is described.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use arrow::array::{ArrayRef, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow_flight::sql::CommandStatementQuery;
use arrow_flight::{FlightData, FlightDescriptor, FlightInfo};
use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{StreamExt as _, TryStreamExt as _};
use godwit_engine::{Code, Error, Prepared};
use sha2::{Digest as _, Sha256};
use tonic::Status;

use super::call::Call;
use super::command::without_transaction;
use super::execution::{Execution, start, within};
use super::handle::{Handle, Kind};
use super::parameters::{Bound, Rows};
use super::service::Shared;
use super::settings::Settings;
use super::several::plan_last;
use super::status::Failure;
use super::updates;
use super::wire::{Encoder, Profile, encoded, schema_bytes};
use super::{info, partitions};

/// How long a described result can be fetched.
pub(super) const TICKET_LIFE: Duration = Duration::from_hours(1);
/// How long the plan of a described query waits to be fetched; after that it is planned again.
const PLAN_LIFE: Duration = Duration::from_mins(5);
/// Handles above this size wait in the server.
const MAX_HANDLE_BYTES: usize = 64 * 1024;

/// The messages of one result.
pub(super) type FlightStream = BoxStream<'static, Result<FlightData, Status>>;

/// The columns of what a statement that returns no rows did.
static COUNT_SCHEMA: LazyLock<SchemaRef> =
    LazyLock::new(|| Arc::new(Schema::new(vec![Field::new("count", DataType::Int64, true)])));

/// A planned statement with everything its execution depends on.
#[derive(Debug)]
pub(super) struct Planned {
    /// The plan.
    pub(super) plan: Prepared,
    /// The settings it was planned with.
    pub(super) settings: Settings,
    /// The values bound to it.
    bound: Option<Bound>,
    /// The columns of its result, as the engine makes them.
    schema: SchemaRef,
}

impl Planned {
    /// Joins a plan with what is bound to it. Where the statement does not determine the type of a
    /// parameter, the columns depend on the values.
    pub(super) async fn new(
        plan: Prepared,
        settings: Settings,
        bound: Option<Bound>,
    ) -> Result<Self, Failure> {
        let plan = match &bound {
            Some(bound) => plan.bound_to(bound.values())?,
            None => plan,
        };
        let schema = match &bound {
            Some(bound) if plan.is_query() => {
                let rows = bound.rows(plan.parameters())?;
                plan.bound_schema(rows.sample()?).await?
            }
            _ => plan.schema(),
        };
        Ok(Self { plan, settings, bound, schema })
    }

    /// Returns the values of each execution; no parameters means one execution without values.
    pub(super) fn rows(&self) -> Result<Rows, Failure> {
        match &self.bound {
            Some(bound) => bound.rows(self.plan.parameters()),
            None => Rows::unbound(self.plan.parameters()),
        }
    }

    /// Returns how the result looks on the wire.
    pub(super) fn profile(&self) -> Profile {
        Profile::new(&self.schema, self.settings.geometry)
    }

    /// Returns the schema that every call announces for the statement.
    pub(super) fn announced_schema(&self) -> SchemaRef {
        if self.plan.is_query() {
            return Arc::clone(self.profile().schema());
        }
        Arc::clone(&COUNT_SCHEMA)
    }
}

/// Describes the result of a statement's text.
pub(super) async fn describe(
    shared: &Shared,
    call: &Call,
    descriptor: FlightDescriptor,
    command: CommandStatementQuery,
) -> Result<FlightInfo, Failure> {
    let planned = plan(shared, call, &command).await?;
    announce(shared, call, descriptor, planned).await
}

/// Plans a statement's text; of several, executes those before the last.
pub(super) async fn plan(
    shared: &Shared,
    call: &Call,
    command: &CommandStatementQuery,
) -> Result<Planned, Failure> {
    without_transaction(command.transaction_id.as_ref())?;
    plan_text(shared, call, &command.query).await
}

/// Returns the schema of a statement's text, without executing anything.
pub(super) async fn schema(
    shared: &Shared,
    call: &Call,
    command: &CommandStatementQuery,
) -> Result<SchemaRef, Failure> {
    let settings = call.settings.clone();
    let plan = call.prepare(shared, &settings, &command.query).await?;
    Ok(Planned::new(plan, settings, None).await?.announced_schema())
}

/// Describes a planned query, or executes any other statement and describes what it did.
pub(super) async fn announce(
    shared: &Shared,
    call: &Call,
    descriptor: FlightDescriptor,
    planned: Planned,
) -> Result<FlightInfo, Failure> {
    let rows = planned.rows()?;
    let principal = &call.principal.identity();
    let schema = planned.announced_schema();
    if !planned.plan.is_query() {
        let count = updates::run(&planned.plan, &rows).await?;
        return done(shared, call, descriptor, &planned.settings, count);
    }
    if let Some(info) = partitions::announce(shared, call, &descriptor, &planned, &rows).await? {
        return Ok(info);
    }
    let mut handle = Handle::new(Kind::Query, principal, planned.plan.sql(), &planned.settings);
    handle.parameters = planned.bound.as_ref().map(Bound::to_ipc).transpose()?;
    handle.fingerprint = fingerprint(&schema)?;
    let id = handle.id();
    let bytes = issue(shared, handle, TICKET_LIFE);
    shared.plans.remember_plan(id, PLAN_LIFE, planned.plan);
    let described = info::describe(&schema, descriptor, info::statement_ticket(bytes), None)?;
    Ok(info::expiring(described, TICKET_LIFE))
}

/// Describes what a finished statement did.
pub(super) fn done(
    shared: &Shared,
    call: &Call,
    descriptor: FlightDescriptor,
    settings: &Settings,
    count: i64,
) -> Result<FlightInfo, Failure> {
    let mut handle = Handle::new(Kind::Done, &call.principal.identity(), "", settings);
    handle.count = count;
    let ticket = info::statement_ticket(shared.signer.sign(&handle, TICKET_LIFE));
    let described = info::describe(&COUNT_SCHEMA, descriptor, ticket, Some(count))?;
    Ok(info::expiring(described, TICKET_LIFE))
}

/// Returns the columns of what a statement that returns no rows did.
pub(super) fn count_schema() -> SchemaRef {
    Arc::clone(&COUNT_SCHEMA)
}

/// Returns the bytes of a handle; a large one leaves its content here.
pub(super) fn issue(shared: &Shared, handle: Handle, life: Duration) -> Bytes {
    let size = handle.sql.len() + handle.parameters.as_ref().map_or(0, Bytes::len);
    if size <= MAX_HANDLE_BYTES {
        return shared.signer.sign(&handle, life);
    }
    let bytes = shared.signer.sign(&handle.stub(), life);
    shared.plans.remember(handle.id(), life, |memory| memory.content = Some(Arc::new(handle)));
    bytes
}

/// Executes a described query, or replays what a finished statement did.
pub(super) async fn fetch(
    shared: &Arc<Shared>,
    call: &Call,
    ticket: &[u8],
) -> Result<FlightStream, Failure> {
    let handle = shared.open(ticket, call)?;
    match handle.kind() {
        Kind::Done => replay(call, handle.count),
        Kind::Query if handle.share > 0 => partitions::fetch(shared, call, &handle).await,
        Kind::Query => fetch_query(shared, call, handle).await,
        Kind::Statement | Kind::Running | Kind::Unknown => {
            Err(Failure::invalid("the ticket is not that of a result"))
        }
    }
}

/// Executes a query whose text came as the ticket itself.
pub(super) async fn fetch_text(
    shared: &Arc<Shared>,
    call: &Call,
    command: CommandStatementQuery,
) -> Result<FlightStream, Failure> {
    without_transaction(command.transaction_id.as_ref())?;
    let planned = plan_text(shared, call, &command.query).await?;
    fetch_planned(call, planned).await
}

/// Executes a planned query that nobody described.
pub(super) async fn fetch_planned(call: &Call, planned: Planned) -> Result<FlightStream, Failure> {
    let rows = planned.rows()?;
    if !planned.plan.is_query() {
        return replay(call, updates::run(&planned.plan, &rows).await?);
    }
    let profile = planned.profile();
    send(call, profile, start(planned.plan, rows).await?)
}

async fn fetch_query(
    shared: &Arc<Shared>,
    call: &Call,
    handle: Handle,
) -> Result<FlightStream, Failure> {
    let memory = shared.plans.recall(handle.id());
    if memory.canceled {
        return Err(Error::new(Code::Canceled, "the query was canceled").into());
    }
    let settings = handle.settings(&call.settings);
    let plan = match memory.plan {
        Some(plan) if !plan.writes() => plan,
        // Its rows may be asked for twice, but it is executed once.
        Some(_) => shared.plans.take_plan(handle.id()).ok_or_else(executed)?,
        None => {
            let plan = call.prepare(shared, &settings, &handle.sql).await?;
            if plan.writes() {
                return Err(executed().into());
            }
            plan
        }
    };
    let bound = handle.parameters.as_deref().map(Bound::from_ipc).transpose()?;
    let planned = Planned::new(plan, settings, bound).await?;
    if fingerprint(&planned.announced_schema())? != handle.fingerprint {
        let message = "the columns of the result have changed since the query was planned";
        return Err(Error::new(Code::CommitConflict, message)
            .with_hint("Execute the statement again.")
            .into());
    }
    let rows = planned.rows()?;
    let profile = planned.profile();
    let execution = start(planned.plan, rows).await?;
    let id = handle.id();
    shared.plans.amend(id, |memory| memory.query_ids = execution.query_id.into_iter().collect());
    send(call, profile, execution)
}

/// Returns the error for rows of a statement that wrote, or would write again.
fn executed() -> Error {
    let message = "the statement was executed already, or its rows are asked for too late";
    Error::new(Code::InvalidParameter, message)
        .with_hint("Look whether it wrote, and execute it again if it did not.")
}

/// Returns the messages of a running query.
pub(super) fn send(
    call: &Call,
    profile: Profile,
    execution: Execution,
) -> Result<FlightStream, Failure> {
    let encoder = Encoder::try_new(profile, call.settings.compression)?;
    let batches = within(call.patience, execution.batches);
    Ok(encoded(encoder, batches).map_err(Status::from).boxed())
}

fn replay(call: &Call, count: i64) -> Result<FlightStream, Failure> {
    let column: ArrayRef = Arc::new(Int64Array::from(vec![count]));
    let batch = RecordBatch::try_new(Arc::clone(&COUNT_SCHEMA), vec![column])?;
    let profile = Profile::fixed(Arc::clone(&COUNT_SCHEMA));
    let encoder = Encoder::try_new(profile, call.settings.compression)?;
    let rows = stream::iter([Ok::<_, Failure>(batch)]);
    Ok(encoded(encoder, rows).map_err(Status::from).boxed())
}

async fn plan_text(shared: &Shared, call: &Call, sql: &str) -> Result<Planned, Failure> {
    let settings = call.settings.clone();
    let plan = Box::pin(plan_last(shared, call, &settings, sql)).await?;
    Planned::new(plan, settings, None).await
}

fn fingerprint(schema: &Schema) -> Result<u64, Failure> {
    let digest = Sha256::digest(schema_bytes(schema)?);
    let first = digest.first_chunk::<8>().copied().unwrap_or_default();
    Ok(u64::from_le_bytes(first))
}
