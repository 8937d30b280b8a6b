//! The keys of an issuer, fetched when a token needs them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use tokio::sync::Mutex;

use super::fetch::Source;
use super::key::Key;
use crate::auth::AuthError;

/// How long keys serve before they are fetched again, so that a withdrawn one goes.
const FRESH: Duration = Duration::from_mins(10);
/// How long keys serve at most while their issuer does not answer.
const KEPT: Duration = Duration::from_hours(24);
/// How often an issuer is asked in [`WINDOW`], whatever tokens come.
const MAX_ATTEMPTS: usize = 5;
const WINDOW: Duration = Duration::from_mins(1);

/// The keys of one issuer.
#[derive(Debug)]
pub(super) struct KeySet {
    source: Source,
    known: RwLock<Option<Known>>,
    /// When the issuer was asked lately. Whoever holds it asks.
    attempts: Mutex<VecDeque<Instant>>,
}

#[derive(Clone, Debug)]
struct Known {
    keys: Arc<[Key]>,
    fetched_at: Instant,
}

impl Known {
    fn has(&self, id: Option<&str>) -> bool {
        id.is_none_or(|id| self.keys.iter().any(|key| key.is(id)))
    }

    fn serves(&self, id: Option<&str>, age: Duration) -> bool {
        self.fetched_at.elapsed() < age && self.has(id)
    }
}

impl KeySet {
    pub(super) fn new(source: Source) -> Self {
        Self { source, known: RwLock::default(), attempts: Mutex::default() }
    }

    /// Returns the keys, among them that with the id if the issuer has it.
    pub(super) async fn of(&self, id: Option<&str>) -> Result<Arc<[Key]>, AuthError> {
        let known = self.known.read().clone();
        let attempts = match &known {
            Some(known) if known.serves(id, FRESH) => return Ok(Arc::clone(&known.keys)),
            // Somebody else is asking already.
            Some(known) if known.serves(id, KEPT) => match self.attempts.try_lock() {
                Ok(attempts) => attempts,
                Err(_) => return Ok(Arc::clone(&known.keys)),
            },
            _ => self.attempts.lock().await,
        };
        // Somebody else may have asked meanwhile.
        let known = self.known.read().clone();
        if let Some(known) = known.filter(|known| known.serves(id, FRESH)) {
            return Ok(known.keys);
        }
        self.ask(attempts).await;
        let known = self.known.read().clone();
        let known = known.filter(|known| known.fetched_at.elapsed() < KEPT);
        known.map(|known| known.keys).ok_or(AuthError::Token {
            reason: "the keys of its issuer cannot be fetched at the moment",
        })
    }

    /// Fetches the keys, unless that was done too often lately.
    async fn ask(&self, mut attempts: tokio::sync::MutexGuard<'_, VecDeque<Instant>>) {
        while attempts.front().is_some_and(|at| at.elapsed() > WINDOW) {
            attempts.pop_front();
        }
        if attempts.len() >= MAX_ATTEMPTS {
            return;
        }
        attempts.push_back(Instant::now());
        let issuer = self.source.issuer();
        match self.source.fetch().await {
            Ok(keys) => {
                tracing::debug!(issuer, keys = keys.len(), "keys fetched");
                *self.known.write() = Some(Known { keys: keys.into(), fetched_at: Instant::now() });
            }
            Err(error) => {
                tracing::warn!(issuer, error = %error, "keys cannot be fetched");
            }
        }
    }
}
