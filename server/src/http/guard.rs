//! Keeps web pages of strangers away: they can reach a loopback address through the browser.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use godwit_config::Listen;

use crate::http::app::App;
use crate::http::problem::Problem;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, accept, x-api-key, x-request-id, prefer, \
     x-grpc-web, x-user-agent, grpc-timeout, x-session-id",
);
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "etag, x-query-id, x-request-id, x-operation, server-timing, retry-after, \
     content-disposition, grpc-status, grpc-message, x-sqlstate",
);
/// How long a browser remembers a preflight answer, in seconds.
const PREFLIGHT_AGE: HeaderValue = HeaderValue::from_static("86400");

/// Which hosts and origins may ask.
#[derive(Debug)]
pub(super) struct Guard {
    is_loopback: bool,
    hosts: Vec<String>,
    origins: Vec<String>,
}

impl Guard {
    pub(super) fn new(listen: &Listen, address: SocketAddr) -> Self {
        Self {
            is_loopback: address.ip().is_loopback(),
            hosts: listen.allowed_hosts.clone(),
            origins: listen.cors_origins.clone(),
        }
    }

    /// Returns whether a `Host` may stand for this server. A name that an attacker controls can be
    /// pointed at a loopback address, so only known ones may.
    fn knows_host(&self, host: &str) -> bool {
        if !self.is_loopback {
            return true;
        }
        let name = without_port(host);
        let is_local = name.eq_ignore_ascii_case("localhost")
            || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        let is_listed = |listed: &String| {
            listed.eq_ignore_ascii_case(name) || listed.eq_ignore_ascii_case(host)
        };
        is_local || self.hosts.iter().any(is_listed)
    }

    fn allows_origin(&self, origin: &str) -> bool {
        self.origins.iter().any(|listed| {
            listed == "*" || listed.trim_end_matches('/').eq_ignore_ascii_case(origin)
        })
    }

    /// Returns why a request is refused, if it is.
    fn objection(&self, request: &Request, host: &str) -> Option<Problem> {
        if !self.knows_host(host) {
            let detail = format!("the host \"{host}\" is not this server");
            let hint = "Use localhost, or add the name to listen.allowed_hosts.";
            return Some(forbidden(detail).with_hint(hint));
        }
        let headers = request.headers();
        let origin = text(headers, &header::ORIGIN);
        if let Some(origin) = origin {
            if is_same(origin, host) || self.allows_origin(origin) {
                return None;
            }
            let detail = format!("pages of the origin \"{origin}\" may not call this server");
            return Some(forbidden(detail).with_hint("Add the origin to listen.cors_origins."));
        }
        // Browsers leave the origin out of simple reads. A link someone follows is harmless; what a
        // page fetches behind the reader's back is not.
        let is_foreign = text(headers, &FETCH_SITE) == Some("cross-site");
        let is_link =
            *request.method() == Method::GET && text(headers, &FETCH_MODE) == Some("navigate");
        (is_foreign && !is_link)
            .then(|| forbidden("requests from pages of other sites are refused"))
    }
}

/// Refuses foreign hosts and origins, answers preflights, and marks answers for allowed origins.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let host = text(request.headers(), &header::HOST)
        .or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str))
        .unwrap_or_default()
        .to_owned();
    if let Some(problem) = app.guard.objection(&request, &host) {
        return problem.into_response();
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let is_preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight { preflight() } else { Box::pin(next.run(request)).await };
    if let Some(origin) = origin {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        headers.append(header::VARY, HeaderValue::from_static("origin"));
    }
    response
}

fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
    response
}

fn forbidden(detail: impl Into<String>) -> Problem {
    Problem::of_request(StatusCode::FORBIDDEN, "forbidden", detail)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn without_port(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split_once(']').map_or(rest, |(address, _)| address);
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

fn is_same(origin: &str, host: &str) -> bool {
    origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(hosts: &[&str], origins: &[&str], address: &str) -> Guard {
        let owned = |list: &[&str]| list.iter().map(|&item| item.to_owned()).collect();
        let listen = Listen {
            allowed_hosts: owned(hosts),
            cors_origins: owned(origins),
            ..Listen::default()
        };
        Guard::new(&listen, address.parse().unwrap())
    }

    fn refuses(guard: &Guard, method: Method, host: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(method).uri("/v1/sql");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        guard.objection(&request.body(Body::empty()).unwrap(), host).is_some()
    }

    #[test]
    fn loopback_listeners_know_their_names() {
        let local = guard(&["maps.test"], &[], "127.0.0.1:8080");
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "maps.test:1"] {
            assert!(local.knows_host(host), "{host}");
        }
        for host in ["evil.test", "", "127.0.0.1.evil.test", "localhost.evil.test:8080"] {
            assert!(!local.knows_host(host), "{host}");
        }
        assert!(guard(&[], &[], "0.0.0.0:8080").knows_host("anything.test"));
    }

    #[test]
    fn pages_of_other_origins_are_refused() {
        let local = guard(&[], &["https://maps.test"], "127.0.0.1:8080");
        let host = "127.0.0.1:8080";
        let post = |headers: &[(&str, &str)]| refuses(&local, Method::POST, host, headers);
        assert!(!post(&[]));
        assert!(!post(&[("origin", "http://127.0.0.1:8080")]));
        assert!(!post(&[("origin", "https://maps.test"), ("sec-fetch-site", "cross-site")]));
        assert!(post(&[("origin", "https://evil.test")]));
        assert!(post(&[("origin", "null")]));
        assert!(post(&[("origin", "http://127.0.0.1:9090")]));
        assert!(post(&[("sec-fetch-site", "cross-site")]));
        let get = |headers: &[(&str, &str)]| refuses(&local, Method::GET, host, headers);
        assert!(get(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")]));
        assert!(!get(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]));
        assert!(!get(&[("sec-fetch-site", "none")]));
    }
}
