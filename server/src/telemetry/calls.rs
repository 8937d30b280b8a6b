//! Counts the calls of the Flight service.

use std::task::{Context, Poll};
use std::time::Instant;

use axum::http::{Request, Response};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tower::{Layer, Service};

use crate::telemetry::metrics;

/// Counts gRPC calls by method and status, and times them to the first byte of the answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CountCalls;

impl<S> Layer<S> for CountCalls {
    type Service = Counted<S>;

    fn layer(&self, inner: S) -> Counted<S> {
        Counted { inner }
    }
}

/// A service whose calls are counted.
#[derive(Clone, Debug)]
pub(crate) struct Counted<S> {
    inner: S,
}

impl<S, Q, A> Service<Request<Q>> for Counted<S>
where
    S: Service<Request<Q>, Response = Response<A>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let method = method_name(request.uri().path());
        let started = Instant::now();
        let answer = self.inner.call(request);
        async move {
            let answer = answer.await;
            let status = match &answer {
                Ok(response) => grpc_status(response),
                Err(_) => "transport".to_owned(),
            };
            metrics::request("flight", method.to_owned(), status, started.elapsed());
            answer
        }
        .boxed()
    }
}

/// Returns the last part of a known path; names that clients invent must not become labels.
fn method_name(path: &str) -> &'static str {
    const METHODS: [&str; 10] = [
        "Handshake",
        "ListFlights",
        "GetFlightInfo",
        "PollFlightInfo",
        "GetSchema",
        "DoGet",
        "DoPut",
        "DoExchange",
        "DoAction",
        "ListActions",
    ];
    let name = path.rsplit('/').next().unwrap_or_default();
    METHODS.into_iter().find(|method| *method == name).unwrap_or("other")
}

/// Returns the gRPC status, which is a header when a call fails before its first message.
fn grpc_status<A>(response: &Response<A>) -> String {
    let status = response.headers().get("grpc-status").and_then(|value| value.to_str().ok());
    status.unwrap_or("0").to_owned()
}
