//! Who sends a request, from its headers.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use godwit_engine::{Code, Error, Principal};

use crate::auth::{AuthError, Credentials};
use crate::http::app::App;
use crate::http::problem::Problem;
use crate::net::Peer;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The authenticated sender of a request.
#[derive(Clone, Debug)]
pub(super) struct Caller(pub(super) Principal);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let credentials = credentials(&parts.headers).ok_or_else(malformed)?;
        let peer = parts.extensions.get::<Peer>().cloned().unwrap_or_default();
        let answer = app.authenticator.authenticate(credentials, &peer).await;
        answer.map(Self).map_err(|error| refused(&error))
    }
}

/// Returns what the headers show; nothing if they show something unreadable.
fn credentials(headers: &HeaderMap) -> Option<Credentials> {
    if let Some(key) = headers.get(API_KEY) {
        return Some(Credentials::ApiKey(key.to_str().ok()?.to_owned()));
    }
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Some(Credentials::Anonymous);
    };
    let (scheme, rest) = value.to_str().ok()?.trim().split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(Credentials::Bearer(rest.to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(rest).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some(Credentials::Basic { user: user.to_owned(), password: password.to_owned() })
}

fn malformed() -> Problem {
    let message = "the authorization header is neither \"Bearer TOKEN\" nor \"Basic ...\"";
    Error::new(Code::Unauthenticated, message).into()
}

fn refused(error: &AuthError) -> Problem {
    if let AuthError::Paused { seconds } = error {
        let problem = Problem::from(Error::new(Code::Unauthenticated, error.to_string()));
        return problem.with_status(StatusCode::TOO_MANY_REQUESTS).with_retry_after(*seconds);
    }
    Error::new(Code::Unauthenticated, error.to_string())
        .with_hint("Send Authorization: Bearer TOKEN, X-API-Key: TOKEN, or a name and password.")
        .into()
}
