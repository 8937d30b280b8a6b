//! The sessions: their settings, their engine's side, and which of them a call belongs to.
//!
//! A session is what the first of these names: the cookie this server set, the header
//! `x-session-id`, the connection. It ends when the client says so, when it is idle for long, and
//! when the connection that names it is gone.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use godwit_engine::{Principal, Session, SessionOptions};
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

/// All sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    stored: Mutex<HashMap<Id, Stored>>,
}

/// What names a session, and whose it is.
type Id = (SessionKey, String);

#[derive(Debug)]
struct Stored {
    settings: Settings,
    engine: Option<Session>,
    used_at: Instant,
}

impl Stored {
    fn new(settings: Settings, engine: Option<Session>) -> Self {
        Self { settings, engine, used_at: Instant::now() }
    }

    fn is_live(&self) -> bool {
        self.used_at.elapsed() < IDLE
    }
}

impl Sessions {
    /// Returns the settings of a session; the defaults for a new one and for a foreign one.
    pub(super) fn settings(&self, key: Option<&SessionKey>, principal: &str) -> Settings {
        let Some(key) = key else { return Settings::default() };
        let mut stored = self.stored.lock();
        let found = stored.get_mut(&(key.clone(), principal.to_owned()));
        let Some(session) = found.filter(|session| session.is_live()) else {
            return Settings::default();
        };
        session.used_at = Instant::now();
        session.settings.clone()
    }

    /// Returns the engine's side of a session as statements left it, with the given options; the
    /// first call starts it.
    pub(super) fn engine(
        &self,
        key: Option<&SessionKey>,
        principal: &Principal,
        options: SessionOptions,
        start: impl FnOnce(SessionOptions) -> Session,
    ) -> Session {
        let Some(key) = key else { return start(options) };
        let id = (key.clone(), principal.identity());
        let mut stored = self.stored.lock();
        let found = stored.get(&id).filter(|session| session.is_live());
        let session = found.and_then(|session| session.engine.as_ref());
        match session.filter(|session| session.principal() == principal) {
            Some(session) if *session.options() == options => session.clone(),
            Some(session) => session.with_options(options),
            None => {
                let settings = found.map(|session| session.settings.clone()).unwrap_or_default();
                let session = start(options);
                insert(&mut stored, id, Stored::new(settings, Some(session.clone())));
                session
            }
        }
    }

    /// Keeps the settings of a session, and its engine's side as it starts with them.
    pub(super) fn keep(&self, key: SessionKey, settings: Settings, engine: Session) {
        let id = (key, engine.principal().identity());
        insert(&mut self.stored.lock(), id, Stored::new(settings, Some(engine)));
    }

    /// Keeps the engine's side of a session.
    pub(super) fn keep_engine(&self, key: SessionKey, engine: Session) {
        let settings = self.settings(Some(&key), &engine.principal().identity());
        self.keep(key, settings, engine);
    }

    /// Ends a session, whatever else names it.
    pub(super) fn close(&self, key: &SessionKey, principal: &str) {
        let closed = self.stored.lock().remove(&(key.clone(), principal.to_owned()));
        if let Some(session) = closed.and_then(|session| session.engine) {
            session.end();
        }
    }

    /// Ends the sessions that only this connection named.
    pub(super) fn disconnect(&self, peer: SocketAddr) {
        let key = SessionKey::Peer(peer);
        self.remove(|(named, _), _| *named == key);
    }

    /// Ends the sessions that nobody has used for long.
    pub(super) fn tidy(&self) {
        self.remove(|_, session| !session.is_live());
    }

    fn remove(&self, is_over: impl Fn(&Id, &Stored) -> bool) {
        let mut stored = self.stored.lock();
        let over: Vec<Stored> = stored
            .extract_if(|id, session| is_over(id, session))
            .map(|(_, session)| session)
            .collect();
        for session in over {
            end_unless_shared(&stored, session);
        }
    }
}

/// Adds a session; when there are too many, that which was used least recently goes.
fn insert(stored: &mut HashMap<Id, Stored>, id: Id, session: Stored) {
    if stored.len() >= MAX_SESSIONS && !stored.contains_key(&id) {
        let oldest = stored.iter().min_by_key(|(_, session)| session.used_at);
        let oldest = oldest.map(|(id, _)| id.clone());
        if let Some(session) = oldest.and_then(|id| stored.remove(&id)) {
            end_unless_shared(stored, session);
        }
    }
    if let Some(old) = stored.insert(id, session) {
        end_unless_shared(stored, old);
    }
}

/// Ends the engine's side of a session that is no longer stored, unless another key leads to it.
fn end_unless_shared(stored: &HashMap<Id, Stored>, session: Stored) {
    let Some(ended) = session.engine else { return };
    let mut others = stored.values().filter_map(|session| session.engine.as_ref());
    if !others.any(|other| other.is_same(&ended)) {
        ended.end();
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
}
