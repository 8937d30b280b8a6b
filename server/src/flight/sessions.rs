//! The settings of sessions, and which session a call belongs to.
//!
//! A session is what the first of these names: the cookie this server set, the header
//! `x-session-id`, the connection. Temporary tables are not kept here yet.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use godwit_engine::{Principal, Session};
use parking_lot::Mutex;
use tonic::metadata::MetadataMap;

use super::settings::Settings;

/// The cookie that names a session.
pub(super) const COOKIE: &str = "arrow_flight_session_id";
const HEADER: &str = "x-session-id";
const MAX_SESSIONS: usize = 10_000;
const IDLE: Duration = Duration::from_hours(1);

/// Which session a call belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum SessionKey {
    /// The cookie of a client that keeps cookies.
    Cookie(String),
    /// The header of a client that was told to send one.
    Header(String),
    /// The connection.
    Peer(SocketAddr),
}

impl SessionKey {
    /// Returns the session a call belongs to, when anything names one.
    pub(super) fn of_call(metadata: &MetadataMap, peer: Option<SocketAddr>) -> Option<Self> {
        cookie(metadata)
            .map(Self::Cookie)
            .or_else(|| Some(Self::Header(metadata.get(HEADER)?.to_str().ok()?.to_owned())))
            .or_else(|| peer.map(Self::Peer))
    }
}

fn cookie(metadata: &MetadataMap) -> Option<String> {
    let cookies = metadata.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
    for pair in cookies.flat_map(|line| line.split(';')) {
        if let Some((name, value)) = pair.split_once('=')
            && name.trim() == COOKIE
        {
            return Some(value.trim().trim_matches('"').to_owned());
        }
    }
    None
}

/// The settings of all sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_key: Mutex<HashMap<SessionKey, Stored>>,
}

#[derive(Debug)]
struct Stored {
    settings: Settings,
    principal: String,
    /// The engine's side, once a statement such as `SET` or `USE` has changed it.
    engine: Option<Session>,
    used_at: Instant,
}

impl Sessions {
    /// Returns the settings of a session; the defaults for a new one and for a foreign one.
    pub(super) fn settings(&self, key: Option<&SessionKey>, principal: &str) -> Settings {
        self.stored(key, principal, |stored| stored.settings.clone()).unwrap_or_default()
    }

    /// Returns the engine's side of a session, if a statement has changed it.
    pub(super) fn engine(
        &self,
        key: Option<&SessionKey>,
        principal: &Principal,
    ) -> Option<Session> {
        let session = self.stored(key, &principal.name, |stored| stored.engine.clone()).flatten();
        session.filter(|session| session.principal() == principal)
    }

    /// Keeps the settings of a session, which then starts anew.
    pub(super) fn keep(&self, key: SessionKey, principal: &str, settings: Settings) {
        self.insert(key, principal, settings, None);
    }

    /// Keeps the engine's side of a session.
    pub(super) fn keep_engine(&self, key: SessionKey, session: Session) {
        let principal = session.principal().name.clone();
        let settings = self.settings(Some(&key), &principal);
        self.insert(key, &principal, settings, Some(session));
    }

    fn stored<T>(
        &self,
        key: Option<&SessionKey>,
        principal: &str,
        read: impl FnOnce(&Stored) -> T,
    ) -> Option<T> {
        let mut sessions = self.by_key.lock();
        let stored = sessions.get_mut(key?)?;
        if stored.principal != principal || stored.used_at.elapsed() >= IDLE {
            return None;
        }
        stored.used_at = Instant::now();
        Some(read(stored))
    }

    fn insert(
        &self,
        key: SessionKey,
        principal: &str,
        settings: Settings,
        engine: Option<Session>,
    ) {
        let mut sessions = self.by_key.lock();
        if sessions.len() >= MAX_SESSIONS {
            sessions.retain(|_, stored| stored.used_at.elapsed() < IDLE);
        }
        if sessions.len() >= MAX_SESSIONS {
            let oldest = sessions.iter().min_by_key(|(_, stored)| stored.used_at);
            if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                sessions.remove(&key);
            }
        }
        let principal = principal.to_owned();
        sessions.insert(key, Stored { settings, principal, engine, used_at: Instant::now() });
    }

    /// Ends a session.
    pub(super) fn close(&self, key: &SessionKey) {
        self.by_key.lock().remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_wins_over_header_and_connection() {
        let peer = Some("127.0.0.1:4000".parse().unwrap());
        let mut metadata = MetadataMap::new();
        assert_eq!(SessionKey::of_call(&metadata, None), None);
        assert!(matches!(SessionKey::of_call(&metadata, peer), Some(SessionKey::Peer(_))));
        metadata.insert(HEADER, "mine".parse().unwrap());
        let key = SessionKey::of_call(&metadata, peer);
        assert_eq!(key, Some(SessionKey::Header("mine".to_owned())));
        metadata.insert("cookie", "a=b; arrow_flight_session_id=\"42\"".parse().unwrap());
        let key = SessionKey::of_call(&metadata, peer);
        assert_eq!(key, Some(SessionKey::Cookie("42".to_owned())));
    }

    #[test]
    fn settings_stay_with_their_principal() {
        let sessions = Sessions::default();
        let key = SessionKey::Header("mine".to_owned());
        let settings = Settings { schema: Some("raw".to_owned()), ..Settings::default() };
        sessions.keep(key.clone(), "ada", settings.clone());
        assert_eq!(sessions.settings(Some(&key), "ada"), settings);
        assert_eq!(sessions.settings(Some(&key), "bob"), Settings::default());
        sessions.close(&key);
        assert_eq!(sessions.settings(Some(&key), "ada"), Settings::default());
    }
}
