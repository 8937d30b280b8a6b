//! The sockets of a server, and what answers on each.

use std::net::SocketAddr;
use std::time::Duration;

use arrow_flight::flight_service_server::FlightServiceServer;
use axum::Router;
use godwit_config::Listen;
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic::transport::Server;

use super::ServeError;
use crate::flight::{Connections, FlightService};
use crate::net::Listener;
use crate::telemetry::CountCalls;

/// Proxies close HTTP/2 connections that are silent for a minute.
const PING_EVERY: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// What a client may send ahead on one stream.
const STREAM_WINDOW: u32 = 8 * 1024 * 1024;
/// Bearer tokens of identity providers are large.
const MAX_HEADER_BYTES: u32 = 64 * 1024;

type Socket = (TcpListener, SocketAddr);

/// The sockets of a configuration with the addresses that they are bound to.
pub(super) struct Sockets {
    /// That of Flight SQL, or of everything.
    pub(super) flight: Socket,
    /// That of HTTP, unless everything has one port.
    pub(super) http: Option<Socket>,
    /// That of everything without TLS.
    pub(super) plaintext: Option<Socket>,
}

impl Sockets {
    pub(super) async fn listen(settings: &Listen) -> Result<Self, ServeError> {
        let flight = listen(settings.flight_addr, "listen.flight_addr").await?;
        let http = if settings.single_port {
            None
        } else {
            Some(listen(settings.http_addr, "listen.http_addr").await?)
        };
        let plaintext = match settings.plaintext_addr {
            Some(address) => Some(listen(address, "listen.plaintext_addr").await?),
            None => None,
        };
        Ok(Self { flight, http, plaintext })
    }
}

async fn listen(address: SocketAddr, setting: &'static str) -> Result<Socket, ServeError> {
    let failed = |source| ServeError::Listen { address, setting, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

pub(super) async fn serve_http(
    listener: Listener,
    router: Router,
    stopped: impl Future<Output = ()> + Send + 'static,
) {
    let served = server()
        .accept_http1(true)
        .add_routes(Routes::from(router))
        .serve_with_incoming_shutdown(listener.into_stream(), stopped)
        .await;
    if let Err(error) = served {
        tracing::error!(error = %error, "http listener failed");
    }
}

pub(super) async fn serve_flight(
    listener: Listener,
    service: FlightServiceServer<FlightService>,
    sessions: Connections,
    stopped: impl Future<Output = ()> + Send + 'static,
) {
    let connections = sessions.watch(listener.into_stream());
    let served = server()
        .layer(CountCalls)
        .add_service(service)
        .serve_with_incoming_shutdown(connections, stopped)
        .await;
    if let Err(error) = served {
        tracing::error!(error = %error, "flight listener failed");
    }
}

pub(super) async fn serve_both(
    listener: Listener,
    routes: Routes,
    sessions: Connections,
    stopped: impl Future<Output = ()> + Send + 'static,
) {
    let connections = sessions.watch(listener.into_stream());
    let served = server()
        .accept_http1(true)
        .add_routes(routes)
        .serve_with_incoming_shutdown(connections, stopped)
        .await;
    if let Err(error) = served {
        tracing::error!(error = %error, "listener failed");
    }
}

/// Returns a server that gives up on clients which take 30 seconds for the headers of a request.
fn server() -> Server {
    Server::builder()
        .http2_keepalive_interval(Some(PING_EVERY))
        .http2_keepalive_timeout(Some(PING_TIMEOUT))
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(2 * STREAM_WINDOW)
        .http2_max_header_list_size(MAX_HEADER_BYTES)
}
