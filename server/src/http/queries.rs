//! `/v1/queries`: what runs, and ending it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::SecondsFormat;
use godwit_engine::{Code, Engine, Error, QueryInfo, Role};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::app::App;
use crate::http::caller::Caller;
use crate::http::problem::{Document, Problem};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_queries)).routes(routes!(show_query, cancel_query))
}

/// The queries that wait, run or have just ended, newest first.
#[derive(Serialize, ToSchema)]
struct Queries {
    queries: Vec<Query>,
}

/// A query.
#[derive(Serialize, ToSchema)]
struct Query {
    id: String,
    sql: String,
    user: String,
    /// http, flight or cli.
    protocol: &'static str,
    /// queued, running, succeeded, failed or canceled.
    state: &'static str,
    submitted_at: String,
    started_at: Option<String>,
    finished_at: Option<String>,
    /// Rows returned or written so far.
    rows: u64,
    error: Option<String>,
    sqlstate: Option<&'static str>,
}

/// Lists the caller's queries; an administrator sees everybody's.
#[utoipa::path(get, path = "/v1/queries", tag = "queries", responses((status = 200, body = Queries)))]
async fn list_queries(State(engine): State<Engine>, caller: Caller) -> Json<Queries> {
    let visible = engine.queries().into_iter().filter(|query| may_see(&caller, query));
    std::future::ready(Json(Queries { queries: visible.map(describe).collect() })).await
}

/// Shows a query.
#[utoipa::path(
    get,
    path = "/v1/queries/{id}",
    tag = "queries",
    params(("id" = String, Path)),
    responses((status = 200, body = Query), (status = 404, body = Document))
)]
async fn show_query(
    State(engine): State<Engine>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Query>, Problem> {
    std::future::ready(find(&engine, &caller, &id).map(|query| Json(describe(query)))).await
}

/// Cancels a query. Cancelling one that has ended changes nothing.
#[utoipa::path(
    delete,
    path = "/v1/queries/{id}",
    tag = "queries",
    params(("id" = String, Path)),
    responses(
        (status = 202, description = "The query will end."),
        (status = 404, body = Document),
    )
)]
async fn cancel_query(
    State(engine): State<Engine>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let query = find(&engine, &caller, &id)?;
    engine.cancel(query.id);
    std::future::ready(Ok(StatusCode::ACCEPTED)).await
}

fn find(engine: &Engine, caller: &Caller, id: &str) -> Result<QueryInfo, Problem> {
    let wanted = Uuid::parse_str(id).ok();
    let found = engine
        .queries()
        .into_iter()
        .find(|query| Some(query.id) == wanted && may_see(caller, query));
    found.ok_or_else(|| {
        let error = Error::new(Code::UndefinedObject, format!("query \"{id}\" does not exist"));
        Problem::from(error).with_status(StatusCode::NOT_FOUND)
    })
}

fn may_see(Caller(principal): &Caller, query: &QueryInfo) -> bool {
    principal.role == Role::Admin || principal.name == query.user
}

fn describe(query: QueryInfo) -> Query {
    let text = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    Query {
        id: query.id.to_string(),
        sql: query.sql,
        user: query.user,
        protocol: query.protocol.name(),
        state: query.state.name(),
        submitted_at: text(query.submitted_at),
        started_at: query.started_at.map(text),
        finished_at: query.finished_at.map(text),
        rows: query.rows,
        error: query.error,
        sqlstate: query.sqlstate,
    }
}
