//! Statement handles: self-contained, signed, and bound to the principal that got them.
//!
//! A handle carries what is needed to plan its statement again, so it survives a restart and an
//! evicted plan. It cannot be forged, changed, or used by someone else.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use prost::Message as _;
use sha2::Sha256;
use uuid::Uuid;

use super::settings::Settings;
use super::wire::GeometryFormat;

const VERSION: u8 = 1;
const SIGNATURE_BYTES: usize = 32;

/// What a handle stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(super) enum Kind {
    /// Nothing; never issued.
    Unknown = 0,
    /// A prepared statement, with or without bound values.
    Statement = 1,
    /// A planned query that `DoGet` executes.
    Query = 2,
    /// A statement that was executed; `DoGet` only replays its count.
    Done = 3,
    /// A statement that runs while its client polls.
    Running = 4,
}

/// The content of a handle.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Handle {
    #[prost(bytes = "vec", tag = "1")]
    id: Vec<u8>,
    #[prost(enumeration = "Kind", tag = "2")]
    kind: i32,
    /// The name of the principal the handle was given to.
    #[prost(string, tag = "3")]
    pub(super) principal: String,
    #[prost(uint64, tag = "4")]
    expires_at: u64,
    /// The text of the statement.
    #[prost(string, tag = "5")]
    pub(super) sql: String,
    #[prost(string, optional, tag = "6")]
    schema: Option<String>,
    #[prost(string, optional, tag = "7")]
    time_zone: Option<String>,
    #[prost(string, tag = "8")]
    geometry: String,
    /// The bound values as an IPC stream.
    #[prost(bytes = "bytes", optional, tag = "9")]
    pub(super) parameters: Option<Bytes>,
    /// The rows a finished statement affected.
    #[prost(int64, tag = "10")]
    pub(super) count: i64,
    /// A hash of the wire schema that was announced.
    #[prost(fixed64, tag = "11")]
    pub(super) fingerprint: u64,
    /// Whether the text and values are too large to travel and wait in the server instead.
    #[prost(bool, tag = "12")]
    pub(super) kept: bool,
    /// Which share of a divided query it is, counted from 1; 0 is the whole.
    #[prost(uint32, tag = "13")]
    pub(super) share: u32,
}

impl Handle {
    /// Creates the handle of a statement.
    pub(super) fn new(kind: Kind, principal: &str, sql: &str, settings: &Settings) -> Self {
        Self {
            id: Uuid::new_v4().into_bytes().to_vec(),
            kind: kind.into(),
            principal: principal.to_owned(),
            sql: sql.to_owned(),
            schema: settings.schema.clone(),
            time_zone: settings.time_zone.clone(),
            geometry: settings.geometry.name().to_owned(),
            ..Self::default()
        }
    }

    /// Returns the id under which the server may remember more about the handle.
    pub(super) fn id(&self) -> Uuid {
        Uuid::from_slice(&self.id).unwrap_or_default()
    }

    /// Returns the settings the statement was planned with; all others come from `call`.
    pub(super) fn settings(&self, call: &Settings) -> Settings {
        Settings {
            schema: self.schema.clone(),
            time_zone: self.time_zone.clone(),
            geometry: GeometryFormat::from_name(&self.geometry).unwrap_or_default(),
            ..call.clone()
        }
    }

    /// Returns the handle without what is too large to travel.
    pub(super) fn stub(&self) -> Self {
        Self { sql: String::new(), parameters: None, kept: true, ..self.clone() }
    }
}

/// Why a handle was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum HandleError {
    /// The bytes are not a handle of this server, or were changed.
    #[error("the statement handle is not one that this server gave out")]
    Invalid,
    /// The handle is too old.
    #[error("the statement handle has expired")]
    Expired,
    /// The handle was given to someone else.
    #[error("the statement handle belongs to another user")]
    Foreign,
}

/// Signs handles and checks them.
pub(super) struct Signer {
    key: Hmac<Sha256>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

impl Signer {
    /// Creates a signer; handles survive a restart when the secret does.
    pub(super) fn new(secret: &[u8; 32]) -> Self {
        // HMAC pads a short key with zeros to one block of the hash.
        let mut block = [0_u8; 64];
        block[..secret.len()].copy_from_slice(secret);
        Self { key: Hmac::new(&block.into()) }
    }

    /// Returns the bytes of a handle that is good for `life`.
    pub(super) fn sign(&self, handle: &Handle, life: Duration) -> Bytes {
        let expires_at = now().saturating_add(life.as_secs());
        let body = Handle { expires_at, ..handle.clone() }.encode_to_vec();
        let mut bytes = Vec::with_capacity(1 + SIGNATURE_BYTES + body.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.mac(&body).finalize().into_bytes());
        bytes.extend_from_slice(&body);
        bytes.into()
    }

    /// Returns the content of a handle that `principal` presents.
    pub(super) fn open(
        &self,
        bytes: &[u8],
        kind: Kind,
        principal: &str,
    ) -> Result<Handle, HandleError> {
        let handle = self.open_any(bytes, principal)?;
        if handle.kind() == kind { Ok(handle) } else { Err(HandleError::Invalid) }
    }

    /// Returns the content of a handle of any kind.
    pub(super) fn open_any(&self, bytes: &[u8], principal: &str) -> Result<Handle, HandleError> {
        let (version, rest) = bytes.split_first().ok_or(HandleError::Invalid)?;
        let (signature, body) =
            rest.split_at_checked(SIGNATURE_BYTES).ok_or(HandleError::Invalid)?;
        if *version != VERSION || self.mac(body).verify_slice(signature).is_err() {
            return Err(HandleError::Invalid);
        }
        let Ok(handle) = Handle::decode(body) else { return Err(HandleError::Invalid) };
        if handle.principal != principal {
            return Err(HandleError::Foreign);
        }
        if handle.expires_at < now() {
            return Err(HandleError::Expired);
        }
        Ok(handle)
    }

    fn mac(&self, body: &[u8]) -> Hmac<Sha256> {
        self.key.clone().chain_update([VERSION]).chain_update(body)
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn handle() -> Handle {
        let settings = Settings { schema: Some("raw".to_owned()), ..Settings::default() };
        Handle::new(Kind::Query, "ada", "SELECT 1", &settings)
    }

    #[test]
    fn a_handle_comes_back_as_it_was() {
        let signer = Signer::new(&[7; 32]);
        let handle = handle();
        let opened = signer.open(&signer.sign(&handle, HOUR), Kind::Query, "ada").unwrap();
        assert_eq!(opened.sql, "SELECT 1");
        assert_eq!(opened.id(), handle.id());
        assert_eq!(opened.settings(&Settings::default()).schema.as_deref(), Some("raw"));
    }

    #[test]
    fn any_changed_byte_is_refused() {
        let signer = Signer::new(&[7; 32]);
        let bytes = signer.sign(&handle(), HOUR);
        for index in 0..bytes.len() {
            let mut changed = bytes.to_vec();
            changed[index] ^= 1;
            assert_eq!(signer.open_any(&changed, "ada"), Err(HandleError::Invalid), "{index}");
        }
        for length in 0..bytes.len() {
            assert_eq!(signer.open_any(&bytes[..length], "ada"), Err(HandleError::Invalid));
        }
        assert_eq!(Signer::new(&[8; 32]).open_any(&bytes, "ada"), Err(HandleError::Invalid));
    }

    #[test]
    fn a_handle_serves_one_principal_one_kind_and_a_limited_time() {
        let signer = Signer::new(&[7; 32]);
        let bytes = signer.sign(&handle(), HOUR);
        assert_eq!(signer.open_any(&bytes, "bob"), Err(HandleError::Foreign));
        assert_eq!(signer.open(&bytes, Kind::Statement, "ada"), Err(HandleError::Invalid));
        let expired = Handle { expires_at: 1, ..handle() };
        let body = expired.encode_to_vec();
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&signer.mac(&body).finalize().into_bytes());
        bytes.extend_from_slice(&body);
        assert_eq!(signer.open_any(&bytes, "ada"), Err(HandleError::Expired));
    }
}
