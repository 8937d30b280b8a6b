//! A running server: both listeners over one engine, from start to the last answer.

mod demo;
mod signals;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use godwit_config::Config;
use godwit_engine::Engine;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::auth::{AuthSetupError, Authenticator};
use crate::flight::{self, FlightOptions};
use crate::http::{self, App, Drain};
use crate::net::{Endpoint, Listener, Peer, Tls, TlsError};
use crate::telemetry::metrics;

pub use self::demo::register_demo;
pub use self::signals::wait_for_signal;

/// How long running queries may go on once a server is told to stop.
const GRACE: Duration = Duration::from_secs(25);
/// How long answers in flight may take after the last query ended.
const LAST_BYTES: Duration = Duration::from_secs(3);
const TIDY_EVERY: Duration = Duration::from_secs(10);
/// Proxies close HTTP/2 connections that are silent for a minute.
const PING_EVERY: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// What a client may send ahead on one stream.
const STREAM_WINDOW: u32 = 8 * 1024 * 1024;
/// Bearer tokens of identity providers are large.
const MAX_HEADER_BYTES: u32 = 64 * 1024;

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The engine did not start.
    #[error("{}{}", .0, hint(.0))]
    Engine(#[from] godwit_engine::Error),
    /// An address could not be listened on.
    #[error("cannot listen on {address} ({setting}): {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The setting it comes from.
        setting: &'static str,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The files of the certificate cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The credentials cannot be checked as configured.
    #[error(transparent)]
    Auth(#[from] AuthSetupError),
    /// The demo data could not be written.
    #[error("cannot write the demo data: {0}")]
    Demo(#[source] std::io::Error),
}

fn hint(error: &godwit_engine::Error) -> String {
    error.hint.as_ref().map(|hint| format!(". {hint}")).unwrap_or_default()
}

/// A server that accepts connections. Dropping it ends it at once; [`Running::stop`] is gentler.
#[derive(Debug)]
pub struct Running {
    engine: Engine,
    flight_addr: SocketAddr,
    http_addr: SocketAddr,
    is_encrypted: bool,
    pub(crate) drain: Drain,
    listeners: CancellationToken,
    tasks: JoinSet<()>,
    /// What goes on until the server is dropped.
    _upkeep: JoinSet<()>,
}

impl Running {
    /// Starts an engine and listens on both addresses of the configuration.
    pub async fn start(config: Config) -> Result<Self, ServeError> {
        metrics::start();
        let tls = Tls::try_new(&config.tls)?;
        let authenticator = Authenticator::from_config(&config.auth)?;
        // Listening comes first: a taken port is found before the data directory is touched.
        let flight = listen(config.listen.flight_addr, "listen.flight_addr").await?;
        let http = listen(config.listen.http_addr, "listen.http_addr").await?;
        let (flight_addr, http_addr) = (flight.1, http.1);
        let engine = Box::pin(Engine::start(&config)).await?;
        let authenticator = Arc::new(authenticator);
        let listeners = CancellationToken::new();
        let drain = Drain::default();
        let mut tasks = JoinSet::new();
        let (service, connections) =
            flight::router(engine.clone(), Arc::clone(&authenticator), options(&config));
        let stopped = listeners.clone().cancelled_owned();
        let listener = Listener::new(flight.0, Endpoint::Flight, tls.clone());
        tasks.spawn(serve_flight(listener, service, connections.clone(), stopped));
        let app = App::new(engine.clone(), authenticator, &config, http_addr, drain.clone());
        let stopped = listeners.clone().cancelled_owned();
        let listener = Listener::new(http.0, Endpoint::Http, tls.clone());
        tasks.spawn(serve_http(listener, http::router(app), stopped));
        let mut upkeep = JoinSet::new();
        upkeep.spawn(tidy(connections));
        let is_encrypted = tls.is_some();
        if let Some(tls) = tls {
            upkeep.spawn(tls.watch());
        }
        tracing::info!(%flight_addr, %http_addr, tls = is_encrypted, "server started");
        Ok(Self {
            engine,
            flight_addr,
            http_addr,
            is_encrypted,
            drain,
            listeners,
            tasks,
            _upkeep: upkeep,
        })
    }

    /// Returns the engine, for statements of the process itself.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Returns the address of the Flight SQL endpoint.
    pub fn flight_addr(&self) -> SocketAddr {
        self.flight_addr
    }

    /// Returns the address of the HTTP endpoint.
    pub fn http_addr(&self) -> SocketAddr {
        self.http_addr
    }

    /// Returns whether both endpoints speak TLS.
    pub fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// Refuses new statements, waits for running ones, then closes the listeners.
    pub async fn stop(mut self) {
        tracing::info!("server is draining");
        self.drain.begin();
        Box::pin(self.engine.shutdown(GRACE)).await;
        self.listeners.cancel();
        let gone = async { while self.tasks.join_next().await.is_some() {} };
        let _connections_left = tokio::time::timeout(LAST_BYTES, gone).await;
        self.tasks.abort_all();
        tracing::info!("server stopped");
    }
}

fn options(config: &Config) -> FlightOptions {
    let seconds = config.limits.query_timeout_seconds;
    FlightOptions {
        query_timeout: (seconds > 0).then(|| Duration::from_secs(seconds)),
        max_sql_bytes: usize::try_from(config.limits.max_sql_bytes).unwrap_or(usize::MAX),
        ..FlightOptions::default()
    }
}

async fn listen(
    address: SocketAddr,
    setting: &'static str,
) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |source| ServeError::Listen { address, setting, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

async fn serve_http(
    listener: Listener,
    router: axum::Router,
    stopped: impl Future<Output = ()> + Send + 'static,
) {
    let service = router.into_make_service_with_connect_info::<Peer>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stopped).await;
    if let Err(error) = served {
        tracing::error!(error = %error, "http listener failed");
    }
}

async fn serve_flight(
    listener: Listener,
    service: arrow_flight::flight_service_server::FlightServiceServer<flight::FlightService>,
    sessions: flight::Connections,
    stopped: impl Future<Output = ()> + Send + 'static,
) {
    let connections = sessions.watch(listener.into_stream());
    let served = tonic::transport::Server::builder()
        .http2_keepalive_interval(Some(PING_EVERY))
        .http2_keepalive_timeout(Some(PING_TIMEOUT))
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(2 * STREAM_WINDOW)
        .http2_max_header_list_size(MAX_HEADER_BYTES)
        .layer(crate::telemetry::CountCalls)
        .add_service(service)
        .serve_with_incoming_shutdown(connections, stopped)
        .await;
    if let Err(error) = served {
        tracing::error!(error = %error, "flight listener failed");
    }
}

async fn tidy(connections: flight::Connections) {
    let mut interval = tokio::time::interval(TIDY_EVERY);
    loop {
        interval.tick().await;
        metrics::tidy();
        connections.tidy();
    }
}
