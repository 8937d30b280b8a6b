//! Failures as RFC 9457 problem documents.

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use godwit_engine::{Code, Error};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::trace::QUERY_ID;

const DOCUMENTATION: &str =
    "https://github.com/godwit-sql/godwit/blob/main/docs/reference/errors.md";
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");
/// Seconds after which a refused request may be tried again, unless something else is known.
const RETRY_AFTER: u64 = 1;
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer realm=\"godwit\"");

/// A failed request.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Problem(Box<Document>);

/// A problem document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Document {
    /// The page that explains the code.
    #[serde(rename = "type")]
    kind: String,
    /// What the code means.
    title: String,
    /// The HTTP status.
    status: u16,
    /// The error code; stable.
    code: &'static str,
    /// The SQLSTATE; stable.
    #[serde(skip_serializing_if = "Option::is_none")]
    sqlstate: Option<&'static str>,
    /// What is wrong.
    detail: String,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<String>,
    /// What to type instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// Where in the statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Place>,
    /// The query, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    query_id: Option<String>,
    /// Whether the same request may succeed later.
    retryable: bool,
    /// Seconds until then, if they are known.
    #[serde(skip)]
    retry_after: Option<u64>,
}

/// A place in a statement; both count from 1.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
struct Place {
    /// The line.
    line: u64,
    /// The character in the line.
    column: u64,
}

impl Problem {
    /// Returns the problem of a request that never became a statement.
    pub(super) fn of_request(
        status: StatusCode,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self(Box::new(Document {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or(code).to_owned(),
            status: status.as_u16(),
            code,
            sqlstate: None,
            detail: detail.into(),
            context: None,
            hint: None,
            position: None,
            query_id: None,
            retryable: false,
            retry_after: None,
        }))
    }

    /// Returns the problem of a bad parameter of a request.
    pub(super) fn of_parameter(detail: impl Into<String>) -> Self {
        Error::new(Code::InvalidParameter, detail).into()
    }

    /// Returns the problem with a hint that tells what to type.
    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Returns the problem with another HTTP status than the code has.
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = status.as_u16();
        self
    }

    /// Returns the problem of a request that may succeed after so many seconds.
    pub(super) fn with_retry_after(mut self, seconds: u64) -> Self {
        self.0.retryable = true;
        self.0.retry_after = Some(seconds);
        self
    }

    /// Returns the problem of a statement, with its id if it got one.
    pub(super) fn of_statement(error: &Error, query_id: Option<Uuid>) -> Self {
        let code = error.code;
        if code == Code::Internal {
            let id = query_id.unwrap_or_else(Uuid::now_v7);
            tracing::error!(query_id = %id, error = %chain(error), "internal error");
            let message = format!("internal error; query id {id}");
            return Self::shown(&Error::new(Code::Internal, message), Some(id));
        }
        tracing::debug!(code = code.name(), error = %chain(error), "statement failed");
        Self::shown(error, query_id)
    }

    fn shown(error: &Error, query_id: Option<Uuid>) -> Self {
        let code = error.code;
        Self(Box::new(Document {
            kind: format!("{DOCUMENTATION}#{}", code.name()),
            title: code.meaning().to_owned(),
            status: code.http_status(),
            code: code.name(),
            sqlstate: Some(code.sqlstate()),
            detail: error.message.clone(),
            context: error.detail.clone(),
            hint: error.hint.clone(),
            position: error.position.map(|at| Place { line: at.line, column: at.column }),
            query_id: query_id.map(|id| id.to_string()),
            retryable: code.is_retryable(),
            retry_after: None,
        }))
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::of_statement(&error, None)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let query_id = self.0.query_id.clone();
        let retry_after = self.0.retryable.then(|| self.0.retry_after.unwrap_or(RETRY_AFTER));
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, MEDIA_TYPE);
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, CHALLENGE);
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(id) = query_id
            && let Ok(value) = HeaderValue::from_str(&id)
        {
            headers.insert(QUERY_ID, value);
        }
        response
    }
}

fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Answers requests to paths that do not exist.
pub(super) async fn no_such_path(uri: Uri) -> Problem {
    let detail = format!("there is nothing at \"{}\"", uri.path());
    let problem = Problem::of_request(StatusCode::NOT_FOUND, "not_found", detail);
    std::future::ready(problem.with_hint("GET /openapi.json lists what there is.")).await
}

/// Answers requests with methods that a path does not take.
pub(super) async fn no_such_method(method: Method, uri: Uri) -> Problem {
    let detail = format!("\"{}\" does not take {method}", uri.path());
    let status = StatusCode::METHOD_NOT_ALLOWED;
    std::future::ready(Problem::of_request(status, "method_not_allowed", detail)).await
}
