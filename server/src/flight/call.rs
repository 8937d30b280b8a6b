//! Who calls, and with which settings.

use std::time::Duration;

use godwit_engine::{Prepared, Principal, Session};
use tonic::metadata::MetadataMap;

use super::credentials::{authenticate, from_metadata};
use super::service::Shared;
use super::sessions::SessionKey;
use super::settings::{NAMES, SettingError, Settings};
use super::status::Failure;
use crate::net::Peer;

/// One call: who makes it, and with which settings.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// The caller.
    pub(super) principal: Principal,
    /// The settings of the session, changed by the headers of the call.
    pub(super) settings: Settings,
    /// The session, when anything names one.
    pub(super) session: Option<SessionKey>,
    /// How long the client is willing to wait.
    pub(super) patience: Option<Duration>,
}

impl Call {
    /// Reads the headers of a call and checks its credentials.
    pub(super) async fn begin(
        shared: &Shared,
        metadata: &MetadataMap,
        peer: Peer,
    ) -> Result<Self, Failure> {
        let principal =
            authenticate(&shared.authenticator, from_metadata(metadata)?, &peer).await?;
        let session = SessionKey::of_call(metadata, peer.address);
        let mut settings = shared.sessions.settings(session.as_ref(), &principal.identity());
        apply_headers(&mut settings, metadata)?;
        let call = Self { principal, settings, session, patience: patience(metadata) };
        if metadata.contains_key("schema") {
            call.check_schema(shared)?;
        }
        Ok(call)
    }

    /// Refuses a schema that does not exist: names would be looked up in `public` alone.
    fn check_schema(&self, shared: &Shared) -> Result<(), Failure> {
        let Some(wanted) = self.settings.schema.as_ref().filter(|name| !name.is_empty()) else {
            return Ok(());
        };
        let mut known = self.session(shared, &self.settings).schemas().into_iter();
        if known.any(|schema| schema.eq_ignore_ascii_case(wanted)) {
            return Ok(());
        }
        Err(Failure::missing("schema", format!("schema \"{wanted}\" does not exist")))
    }

    /// Returns the engine's side of the session as statements left it.
    pub(super) fn session(&self, shared: &Shared, settings: &Settings) -> Session {
        let start = |options| shared.engine.session(self.principal.clone(), options);
        let (key, options) = (self.session.as_ref(), settings.session_options());
        shared.sessions.engine(key, &self.principal, options, start)
    }

    /// Plans a statement for the caller.
    pub(super) async fn prepare(
        &self,
        shared: &Shared,
        settings: &Settings,
        sql: &str,
    ) -> Result<Prepared, Failure> {
        let session = self.session(shared, settings);
        let plan = Box::pin(session.prepare(sql)).await?;
        self.keep(shared, session, &plan);
        Ok(plan)
    }

    /// Keeps the session of a statement that changes it: the next one must find it so.
    pub(super) fn keep(&self, shared: &Shared, session: Session, plan: &Prepared) {
        if plan.changes_session()
            && let Some(key) = &self.session
        {
            shared.sessions.keep_engine(key.clone(), session);
        }
    }
}

/// Applies the settings that came as headers, which is how a JDBC URL property arrives.
fn apply_headers(settings: &mut Settings, metadata: &MetadataMap) -> Result<(), Failure> {
    for name in NAMES {
        let Some(value) = metadata.get(name).and_then(|value| value.to_str().ok()) else {
            continue;
        };
        match settings.set(name, value) {
            Ok(()) | Err(SettingError::Name) => {}
            Err(SettingError::Value(reason)) => {
                return Err(Failure::invalid(format!("header {reason}")));
            }
            Err(SettingError::Missing(reason)) => return Err(Failure::missing(name, reason)),
        }
    }
    Ok(())
}

/// Reads `grpc-timeout`, which the transport enforces only until the first response byte.
fn patience(metadata: &MetadataMap) -> Option<Duration> {
    let value = metadata.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    let amount: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(amount.saturating_mul(3600))),
        "M" => Some(Duration::from_secs(amount.saturating_mul(60))),
        "S" => Some(Duration::from_secs(amount)),
        "m" => Some(Duration::from_millis(amount)),
        "u" => Some(Duration::from_micros(amount)),
        "n" => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_in_every_unit() {
        let read = |value: &'static str| {
            let mut metadata = MetadataMap::new();
            metadata.insert("grpc-timeout", value.parse().unwrap());
            patience(&metadata)
        };
        assert_eq!(read("2M"), Some(Duration::from_mins(2)));
        assert_eq!(read("1500m"), Some(Duration::from_millis(1500)));
        for nonsense in ["", "m", "1", "xS", "-1S"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn headers_change_settings_and_bad_values_are_named() {
        let mut settings = Settings::default();
        let mut metadata = MetadataMap::new();
        metadata.insert("schema", "raw".parse().unwrap());
        metadata.insert("x-unrelated", "1".parse().unwrap());
        apply_headers(&mut settings, &metadata).unwrap();
        assert_eq!(settings.schema.as_deref(), Some("raw"));
        metadata.insert("geometry_format", "svg".parse().unwrap());
        let status = tonic::Status::from(apply_headers(&mut settings, &metadata).unwrap_err());
        assert!(status.message().contains("geometry_format \"svg\""), "{}", status.message());
    }
}
