//! Request ids, the access log and the request counters.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

use crate::telemetry::metrics;

/// Names a statement.
pub(super) const QUERY_ID: HeaderName = HeaderName::from_static("x-query-id");
/// Names a request, in the words of the client if it has any.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Runs a request with an id, a log line and its counters.
pub(super) async fn trace(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let mut response = Box::pin(next.run(request)).await;
    let status = response.status().as_u16();
    tracing::debug!(
        request_id = id.to_str().unwrap_or_default(),
        %method,
        route,
        status,
        milliseconds = started.elapsed().as_millis(),
        "request answered"
    );
    let label = format!("{} {route}", known(&method));
    metrics::request("http", label, status.to_string(), started.elapsed());
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    // A link may hold any SQL, and so any text to answer with, which is never a page.
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Returns the name of a method; names that clients invent must not become labels.
fn known(method: &Method) -> &str {
    const METHODS: [Method; 7] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    if METHODS.contains(method) { method.as_str() } else { "other" }
}

fn request_id(request: &Request) -> HeaderValue {
    let given = request.headers().get(&REQUEST_ID);
    let usable = given.filter(|value| (1..=128).contains(&value.len()) && value.to_str().is_ok());
    match usable {
        Some(value) => value.clone(),
        None => HeaderValue::from_str(&Uuid::now_v7().to_string())
            .unwrap_or(HeaderValue::from_static("")),
    }
}
