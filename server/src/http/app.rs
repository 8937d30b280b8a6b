//! What all handlers share.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRef;
use godwit_config::Config;
use godwit_engine::Engine;

use crate::auth::Authenticator;
use crate::http::guard::Guard;

/// What all handlers share. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct App {
    pub(super) engine: Engine,
    pub(super) authenticator: Arc<Authenticator>,
    pub(super) limits: Limits,
    pub(super) guard: Arc<Guard>,
    pub(super) drain: Drain,
}

/// The limits of one request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) body_bytes: usize,
    pub(super) sql_bytes: usize,
    pub(super) answer_rows: Option<u64>,
    pub(super) answer_bytes: Option<u64>,
}

impl App {
    /// Returns the shared state of a server that listens on `address`.
    pub fn new(
        engine: Engine,
        authenticator: Arc<Authenticator>,
        config: &Config,
        address: SocketAddr,
        drain: Drain,
    ) -> Self {
        let bytes = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
        let limits = Limits {
            body_bytes: bytes(config.listen.max_body_bytes),
            sql_bytes: bytes(config.limits.max_sql_bytes),
            answer_rows: config.limits.max_http_rows,
            answer_bytes: config.limits.max_http_bytes,
        };
        let guard = Arc::new(Guard::new(&config.listen, address));
        Self { engine, authenticator, limits, guard, drain }
    }
}

impl FromRef<App> for Engine {
    fn from_ref(app: &App) -> Self {
        app.engine.clone()
    }
}

/// Whether the server is about to stop, which load balancers ask `/readyz` for.
#[derive(Clone, Debug, Default)]
pub struct Drain {
    begun: Arc<AtomicBool>,
}

impl Drain {
    /// Says that the server is about to stop.
    pub fn begin(&self) {
        self.begun.store(true, Ordering::Release);
    }

    /// Returns whether the server is about to stop.
    pub fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Acquire)
    }
}
