//! Signed tokens that a login gives out. The key lives as long as the process.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use godwit_config::Role;
use godwit_engine::Principal;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::Rng as _;
use sha2::Sha256;

use crate::auth::AuthError;

const PREFIX: &str = "gws_";
const LIFETIME: Duration = Duration::from_hours(12);

/// Issues and checks session tokens: `gws_<roles>.<expiry>.<name>.<signature>`, the roles with
/// commas, name and signature in base64url.
pub(super) struct SessionTokens {
    key: [u8; 64],
}

impl std::fmt::Debug for SessionTokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SessionTokens").finish_non_exhaustive()
    }
}

impl SessionTokens {
    pub(super) fn new() -> Self {
        Self { key: rand::rng().random() }
    }

    pub(super) fn issue(&self, principal: &Principal) -> String {
        self.issue_until(principal, now() + LIFETIME.as_secs())
    }

    fn issue_until(&self, principal: &Principal, expiry: u64) -> String {
        let name = BASE64_URL_SAFE_NO_PAD.encode(&principal.name);
        let claims = format!("{PREFIX}{}.{expiry}.{name}", principal.roles.join(","));
        let signature = BASE64_URL_SAFE_NO_PAD.encode(self.mac(&claims).finalize().into_bytes());
        format!("{claims}.{signature}")
    }

    /// Returns the name and the roles that the token was issued for.
    pub(super) fn verify(&self, token: &str) -> Result<(String, Vec<Role>), AuthError> {
        let (claims, signature) = token.rsplit_once('.').ok_or(AuthError::Invalid)?;
        let signature = decode(signature)?;
        self.mac(claims).verify_slice(&signature).map_err(|_error| AuthError::Invalid)?;
        let mut parts = claims.trim_start_matches(PREFIX).split('.');
        let mut part = || parts.next().ok_or(AuthError::Invalid);
        let roles = part()?.split(',').filter(|role| !role.is_empty());
        let roles = roles.map(|role| Role::from(role.to_owned())).collect();
        let expiry: u64 = part()?.parse().map_err(|_error| AuthError::Invalid)?;
        let name = String::from_utf8(decode(part()?)?).map_err(|_error| AuthError::Invalid)?;
        if expiry <= now() {
            return Err(AuthError::Expired);
        }
        Ok((name, roles))
    }

    fn mac(&self, claims: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.key.into());
        mac.update(claims.as_bytes());
        mac
    }
}

fn decode(text: &str) -> Result<Vec<u8>, AuthError> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_error| AuthError::Invalid)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::roles::Roles;

    #[test]
    fn changed_and_old_tokens_are_refused() {
        let tokens = SessionTokens::new();
        let roles = vec![Role::Named("analyst".to_owned()), Role::Reader];
        let reader = Roles::new(&[]).principal("a.b", &roles);
        let token = tokens.issue(&reader);
        assert_eq!(tokens.verify(&token).unwrap(), ("a.b".to_owned(), roles));
        let forged = token.replacen("reader", "admin", 1);
        assert_eq!(tokens.verify(&forged).unwrap_err(), AuthError::Invalid);
        let old = tokens.issue_until(&reader, now() - 1);
        assert_eq!(tokens.verify(&old).unwrap_err(), AuthError::Expired);
        for nonsense in ["", ".", "gws_", "gws_a.b.c.d"] {
            assert_eq!(tokens.verify(nonsense).unwrap_err(), AuthError::Invalid);
        }
    }
}
