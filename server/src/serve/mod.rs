//! A running server: both listeners over one engine, from start to the last answer.

mod demo;
mod listen;
mod one_port;
mod secret;
mod signals;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use godwit_config::Config;
use godwit_engine::Engine;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::auth::{AuthSetupError, Authenticator};
use crate::flight::{self, FlightOptions};
use crate::http::{self, App, Drain};
use crate::net::{Endpoint, Listener, Tls, TlsError};
use crate::telemetry::metrics;

pub use self::demo::register_demo;
use self::listen::{Sockets, serve_both, serve_flight, serve_http};
pub use self::signals::wait_for_signal;

/// How long running queries may go on once a server is told to stop.
const GRACE: Duration = Duration::from_secs(25);
/// How long answers in flight may take after the last query ended.
const LAST_BYTES: Duration = Duration::from_secs(3);
const TIDY_EVERY: Duration = Duration::from_secs(10);

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
    plaintext_addr: Option<SocketAddr>,
    is_encrypted: bool,
    pub(crate) drain: Drain,
    listeners: CancellationToken,
    tasks: JoinSet<()>,
    /// What goes on until the server is dropped.
    _upkeep: JoinSet<()>,
}

impl Running {
    /// Starts an engine and listens on the addresses of the configuration.
    pub async fn start(config: Config) -> Result<Self, ServeError> {
        metrics::start();
        let tls = Tls::try_new(&config.tls)?;
        let authenticator = Authenticator::from_config(&config.auth)?;
        // Listening comes first: a taken port is found before the data directory is touched.
        let sockets = Sockets::listen(&config.listen).await?;
        let engine = Box::pin(Engine::start(&config)).await?;
        let secret = secret::of_data_directory(&config.storage.data_dir);
        let authenticator = Arc::new(authenticator.with_secret(&secret, &config.auth));
        let listeners = CancellationToken::new();
        let drain = Drain::default();
        let (service, connections) =
            flight::router(engine.clone(), Arc::clone(&authenticator), options(&config, secret));
        let app = |address| {
            let (engine, authenticator) = (engine.clone(), Arc::clone(&authenticator));
            App::new(engine, authenticator, &config, address, drain.clone())
        };
        let stopped = || listeners.clone().cancelled_owned();
        let mut tasks = JoinSet::new();
        let (flight_addr, mut http_addr) = (sockets.flight.1, sockets.flight.1);
        if let Some((socket, address)) = sockets.http {
            http_addr = address;
            let listener = Listener::new(sockets.flight.0, Endpoint::Flight, tls.clone());
            let service = service.clone();
            tasks.spawn(serve_flight(listener, service, connections.clone(), stopped()));
            let listener = Listener::new(socket, Endpoint::Http, tls.clone());
            tasks.spawn(serve_http(listener, http::router(app(address)), stopped()));
        } else {
            let listener = Listener::new(sockets.flight.0, Endpoint::Both, tls.clone());
            let routes = one_port::routes(app(flight_addr), service.clone());
            tasks.spawn(serve_both(listener, routes, connections.clone(), stopped()));
        }
        let plaintext_addr = sockets.plaintext.as_ref().map(|(_, address)| *address);
        if let Some((socket, address)) = sockets.plaintext {
            let listener = Listener::new(socket, Endpoint::Both, None);
            let routes = one_port::routes(app(address), service);
            tasks.spawn(serve_both(listener, routes, connections.clone(), stopped()));
        }
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
            plaintext_addr,
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

    /// Returns the address of the endpoint that speaks no TLS beside those that do.
    pub fn plaintext_addr(&self) -> Option<SocketAddr> {
        self.plaintext_addr
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

fn options(config: &Config, secret: [u8; 32]) -> FlightOptions {
    let seconds = config.limits.query_timeout_seconds;
    FlightOptions {
        secret,
        query_timeout: (seconds > 0).then(|| Duration::from_secs(seconds)),
        max_sql_bytes: usize::try_from(config.limits.max_sql_bytes).unwrap_or(usize::MAX),
        ..FlightOptions::default()
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
