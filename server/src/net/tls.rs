//! The certificate in use, which is read again when its files change.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parking_lot::{Mutex, RwLock};
use rustls::ServerConfig;
use tokio::task::JoinSet;

use super::identity::{Identity, TlsError};
use super::listener::Endpoint;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What tells one state of a file from another.
type Stamp = Vec<Option<(SystemTime, u64)>>;

/// How the server speaks TLS at this moment.
#[derive(Debug)]
pub(crate) struct Tls {
    settings: godwit_config::Tls,
    current: RwLock<Identity>,
    seen: Mutex<Stamp>,
}

impl Tls {
    /// Reads the files of the settings; nothing if they name none.
    pub(crate) fn try_new(settings: &godwit_config::Tls) -> Result<Option<Arc<Self>>, TlsError> {
        let seen = Mutex::new(stamp(settings));
        let Some(identity) = read(settings)? else { return Ok(None) };
        let current = RwLock::new(identity);
        Ok(Some(Arc::new(Self { settings: settings.clone(), current, seen })))
    }

    /// Returns how a new connection to the endpoint is encrypted.
    pub(super) fn config(&self, endpoint: Endpoint) -> Arc<ServerConfig> {
        let current = self.current.read();
        match endpoint {
            Endpoint::Flight => Arc::clone(&current.flight),
            Endpoint::Http | Endpoint::Both => Arc::clone(&current.http),
        }
    }

    /// Reads the files again when they have changed, or in any case. What cannot be used changes
    /// nothing.
    pub(super) fn refresh(&self, in_any_case: bool) {
        let now = stamp(&self.settings);
        {
            let mut seen = self.seen.lock();
            if *seen == now && !in_any_case {
                return;
            }
            // Noted before the files are read: what changes meanwhile is seen the next time.
            *seen = now;
        }
        match read(&self.settings) {
            Ok(Some(identity)) => {
                *self.current.write() = identity;
                tracing::info!("TLS files read again; new connections get the new certificate");
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(
                    error = %error, "changed TLS files cannot be used; the old certificate stays"
                );
            }
        }
    }

    /// Looks at the files from time to time, and whenever SIGHUP asks for it. Never returns.
    pub(crate) async fn watch(self: Arc<Self>) {
        let mut interval = tokio::time::interval(LOOK_EVERY);
        let mut hangups = Hangups::listen();
        loop {
            let in_any_case = tokio::select! {
                _ = interval.tick() => false,
                () = hangups.next() => true,
            };
            // Files may be on a slow disk.
            let tls = Arc::clone(&self);
            let mut worker = JoinSet::new();
            worker.spawn_blocking(move || tls.refresh(in_any_case));
            worker.join_next().await;
        }
    }
}

fn read(settings: &godwit_config::Tls) -> Result<Option<Identity>, TlsError> {
    let (Some(certificate), Some(key)) = (&settings.certificate, &settings.key) else {
        return Ok(None);
    };
    let authorities = settings.client_ca.as_deref();
    let clients = authorities.map(|path| (path, settings.client_certificates));
    Identity::read(certificate, key, clients).map(Some)
}

fn stamp(settings: &godwit_config::Tls) -> Stamp {
    let state = |path: &Path| {
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    let files = [&settings.certificate, &settings.key, &settings.client_ca];
    files.into_iter().flatten().map(|path| state(path)).collect()
}

/// The SIGHUPs that the process gets, where there is such a thing.
struct Hangups {
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
}

impl Hangups {
    fn listen() -> Self {
        Self {
            #[cfg(unix)]
            signals: {
                use tokio::signal::unix::{SignalKind, signal};
                signal(SignalKind::hangup()).ok()
            },
        }
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signals) = &mut self.signals
            && signals.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}
