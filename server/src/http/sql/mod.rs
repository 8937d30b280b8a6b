//! `GET` and `POST /v1/sql`: a statement in, its rows out.

mod answer;
mod body;
mod completion;
mod compression;
mod negotiate;
mod parameters;
mod received;
mod request;
mod several;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::app::App;
use crate::http::caller::Caller;
use crate::http::problem::Document;

use self::request::SqlRequest;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_sql, post_sql))
}

/// Runs a query that changes nothing.
#[utoipa::path(
    get,
    path = "/v1/sql",
    tag = "sql",
    params(
        ("q" = String, Query, description = "The SQL text."),
        ("p.1" = Option<String>, Query, description = "The value of $1; p.name is that of $name."),
        ("format" = Option<String>, Query, description = "json, table, ndjson, csv, tsv, arrow, arrow_file, parquet, geojson, geojsonseq, flatgeobuf or geopackage; wins over Accept."),
        ("geometry" = Option<String>, Query, description = "geojson, wkt, ewkt, wkb, hexwkb or lonlat."),
        ("crs" = Option<String>, Query, description = "Reprojects geometries, for example to EPSG:3857."),
        ("assume_crs" = Option<String>, Query, description = "The reference system of geometries that name none."),
        ("geometry_column" = Option<String>, Query, description = "The geometry of GeoJSON features, if not the first."),
        ("id_column" = Option<String>, Query, description = "The id of GeoJSON features."),
        ("int64" = Option<String>, Query, description = "\"string\" writes 64-bit integers as JSON strings."),
        ("limit_rows" = Option<u64>, Query, description = "Sends at most so many rows."),
        ("timeout" = Option<String>, Query, description = "Longest run time, as 30s."),
        ("schema" = Option<String>, Query, description = "The schema of unqualified names."),
    ),
    responses(
        (status = 200, description = "The rows, in the format that was asked for.", content_type = "application/json"),
        (status = "4XX", description = "What is wrong with the request.", body = Document, content_type = "application/problem+json"),
        (status = "5XX", description = "What is wrong with the server.", body = Document, content_type = "application/problem+json"),
    )
)]
async fn get_sql(State(app): State<App>, Caller(principal): Caller, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let statement = SqlRequest::default().with_query_string(parts.uri.query());
    let answered = match statement {
        Ok(statement) => {
            Box::pin(answer::answer(&app, principal, &parts.headers, statement, true)).await
        }
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(IntoResponse::into_response)
}

/// Runs a statement, or several: all are executed in their order, the last one answers.
///
/// A text body is the SQL, whatever its content type says: `curl -d 'SELECT 1'` works. The options
/// of the JSON body may come in the query string too, and win there.
#[utoipa::path(
    post,
    path = "/v1/sql",
    tag = "sql",
    request_body(
        content(
            (SqlRequest = "application/json"),
            (String = "application/sql"),
            (String = "text/plain"),
        )
    ),
    responses(
        (status = 200, description = "The rows of the last statement, or one row about what it did.", content_type = "application/json"),
        (status = 204, description = "Done; asked for with Prefer: return=minimal."),
        (status = "4XX", description = "What is wrong with the request.", body = Document, content_type = "application/problem+json"),
        (status = "5XX", description = "What is wrong with the server.", body = Document, content_type = "application/problem+json"),
    )
)]
async fn post_sql(State(app): State<App>, Caller(principal): Caller, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let statement = SqlRequest::read(&parts, body, app.limits.body_bytes).await;
    let answered = match statement {
        Ok(statement) => {
            Box::pin(answer::answer(&app, principal, &parts.headers, statement, false)).await
        }
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(IntoResponse::into_response)
}
