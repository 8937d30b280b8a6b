//! From a decoded request to a response: plan, bind, execute, and the first rows before the headers.

use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use godwit_engine::encode::{Encoding, encoder};
use godwit_engine::{Code, Completion, Error, Execution, Outcome, Principal, Session};
use uuid::Uuid;

use crate::http::app::App;
use crate::http::problem::Problem;
use crate::http::sql::body::{Answer, Source, Writer};
use crate::http::sql::compression::Coding;
use crate::http::sql::request::SqlRequest;
use crate::http::sql::{completion, negotiate, parameters, several};
use crate::http::trace::QUERY_ID;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
/// Names what a statement without rows did.
const OPERATION: HeaderName = HeaderName::from_static("x-operation");
const PREFER: HeaderName = HeaderName::from_static("prefer");
const CACHE: HeaderValue = HeaderValue::from_static("private, max-age=0, must-revalidate");

/// Runs the statements of a text for a caller; the last one answers.
pub(super) async fn answer(
    app: &App,
    principal: Principal,
    headers: &HeaderMap,
    request: SqlRequest,
    read_only: bool,
) -> Result<Response, Problem> {
    check_text(&request.sql, app.limits.sql_bytes)?;
    let started = Instant::now();
    let encoding = negotiate::encoding(request.format.as_deref(), headers)?;
    let encode_options = negotiate::encode_options(&request)?;
    let options = request.session_options(read_only, max_rows(app, &request))?;
    let session = app.engine.session(principal, options);
    check_schema(&session)?;
    let last = Box::pin(several::run_to_last(&session, &request.sql)).await?.ok_or_else(no_sql)?;
    let plan_started = Instant::now();
    let prepared = Box::pin(session.prepare(&last.sql)).await.map_err(|it| last.locate(it))?;
    let values = parameters::bind(prepared.parameters(), &request)?;
    let planned = plan_started.elapsed();
    let execution = Box::pin(prepared.execute(values)).await;
    let Execution { query_id, outcome } = execution.map_err(|error| last.locate(error))?;
    let failed = |error: Error| Problem::of_statement(&last.locate(error), Some(query_id));

    let (source, encoding, operation) = match outcome {
        Outcome::Rows(rows) => (Source::rows(rows, request.limit_rows), encoding, None),
        Outcome::Done(done) if wants_minimal(headers) => {
            return Ok(with_headers(
                StatusCode::NO_CONTENT.into_response(),
                query_id,
                Some(done.operation),
            ));
        }
        Outcome::Done(done) => {
            (completed(&done).map_err(failed)?, without_geometry(encoding), Some(done.operation))
        }
    };
    let coding = Coding::of_request(headers, encoding);
    let encoder = encoder(encoding, &source.schema(), &encode_options)
        .map_err(|error| failed(error.into()))?;
    let media_type = encoder.media_type();
    let writer = Writer::new(encoder, app.limits.answer_bytes);
    let answer = Answer::new(source, writer, query_id);
    let (body, coding) = Box::pin(answer.into_body(coding)).await.map_err(failed)?;

    let mut response = with_headers(Response::new(body), query_id, operation);
    describe_content(response.headers_mut(), encoding, media_type, coding);
    describe_timing(response.headers_mut(), planned, started.elapsed());
    Ok(response)
}

/// Returns the limit past which a query fails. One that is cut before never gets there.
fn max_rows(app: &App, request: &SqlRequest) -> Option<u64> {
    let most = app.limits.answer_rows?;
    if request.limit_rows.is_some_and(|limit| limit <= most) { None } else { Some(most) }
}

fn check_text(sql: &str, limit: usize) -> Result<(), Problem> {
    if sql.trim().is_empty() {
        return Err(no_sql());
    }
    if sql.len() > limit {
        let message = format!("the SQL text has {} bytes, the limit is {limit}", sql.len());
        return Err(Error::new(Code::LimitExceeded, message)
            .with_hint("Put the data into a table or a parameter, or raise limits.max_sql_bytes.")
            .into());
    }
    Ok(())
}

/// Refuses a schema that does not exist: names would be looked up in `public` alone.
fn check_schema(session: &Session) -> Result<(), Error> {
    let Some(wanted) = &session.options().schema else { return Ok(()) };
    if session.schemas().iter().any(|known| known.eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    let message = format!("schema \"{wanted}\" does not exist");
    Err(Error::new(Code::UndefinedSchema, message).with_hint("SHOW SCHEMAS lists the schemas."))
}

fn no_sql() -> Problem {
    let error = Error::new(Code::SyntaxError, "there is no SQL in the request");
    let hint = "Send the SQL as the body, as \"sql\" in a JSON body, or as q= with GET.";
    error.with_hint(hint).into()
}

fn completed(done: &Completion) -> Result<Source, Error> {
    let row = completion::row(done)
        .map_err(|error| Error::new(Code::Internal, "no completion row").with_source(error))?;
    Ok(Source::row(row))
}

/// Returns the format for a row that has no geometry.
fn without_geometry(encoding: Encoding) -> Encoding {
    match encoding {
        Encoding::GeoJson | Encoding::GeoJsonSeq | Encoding::FlatGeobuf | Encoding::GeoPackage => {
            Encoding::Json
        }
        other => other,
    }
}

fn wants_minimal(headers: &HeaderMap) -> bool {
    let prefer = headers.get(PREFER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    prefer.split([',', ';']).any(|part| part.trim().eq_ignore_ascii_case("return=minimal"))
}

fn with_headers(
    mut response: Response,
    query_id: Uuid,
    operation: Option<&'static str>,
) -> Response {
    let headers = response.headers_mut();
    insert(headers, QUERY_ID, &query_id.to_string());
    headers.insert(header::CACHE_CONTROL, CACHE);
    if let Some(operation) = operation {
        headers.insert(OPERATION, HeaderValue::from_static(operation));
    }
    response
}

fn describe_content(headers: &mut HeaderMap, encoding: Encoding, media_type: &str, coding: Coding) {
    insert(headers, header::CONTENT_TYPE, media_type);
    headers.append(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
    if let Some(coding) = coding.header() {
        headers.insert(header::CONTENT_ENCODING, coding);
    }
    let is_file = matches!(
        encoding,
        Encoding::Parquet | Encoding::ArrowFile | Encoding::FlatGeobuf | Encoding::GeoPackage
    );
    if is_file {
        let name = format!("attachment; filename=\"result.{}\"", encoding.extension());
        insert(headers, header::CONTENT_DISPOSITION, &name);
    }
}

fn describe_timing(headers: &mut HeaderMap, planned: Duration, total: Duration) {
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1000.0;
    let timing = format!(
        "plan;dur={:.1}, exec;dur={:.1}",
        milliseconds(planned),
        milliseconds(total.saturating_sub(planned))
    );
    insert(headers, SERVER_TIMING, &timing);
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
