//! Signed tokens that a login gives out. The key is that of the data directory and of who may log
//! in: tokens outlive a restart, and end when a user is taken away or another role is given.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use godwit_config::{Auth, Role};
use godwit_engine::Principal;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::Rng as _;
use sha2::{Digest as _, Sha256};

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

    /// Returns the tokens of a secret that outlives the process.
    pub(super) fn kept(secret: &[u8; 32], auth: &Auth) -> Self {
        let mut block = [0; 64];
        let (start, end) = block.split_at_mut(32);
        start.copy_from_slice(secret);
        let mut digest = Sha256::new();
        digest.update(b"session tokens");
        // The length of each part is told, so that no two lists look the same.
        let mut add = |part: &[u8]| {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        };
        // Secrets are masked in the text of the configuration.
        add(format!("{auth:?}").as_bytes());
        for user in &auth.users {
            add(user.password_hash.expose().as_bytes());
        }
        for token in &auth.tokens {
            for secret in [&token.value, &token.sha256].into_iter().flatten() {
                add(secret.expose().as_bytes());
            }
        }
        end.copy_from_slice(&digest.finalize());
        Self { key: block }
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
    use godwit_config::{Secret, User};

    use super::*;
    use crate::auth::roles::Roles;

    #[test]
    fn tokens_outlive_the_process_but_no_change_of_its_users() {
        let user = |password: &str, role| User {
            name: "ada".to_owned(),
            password_hash: Secret::new(password),
            role,
        };
        let auth = |users| Auth { users, ..Auth::default() };
        let (secret, before) = ([7; 32], auth(vec![user("a", Role::Admin)]));
        let ada = Roles::new(&[]).principal("ada", &[Role::Admin]);
        let token = SessionTokens::kept(&secret, &before).issue(&ada);
        assert!(SessionTokens::kept(&secret, &before).verify(&token).is_ok());
        for other in [vec![], vec![user("b", Role::Admin)], vec![user("a", Role::Reader)]] {
            assert!(SessionTokens::kept(&secret, &auth(other)).verify(&token).is_err());
        }
        assert!(SessionTokens::kept(&[8; 32], &before).verify(&token).is_err());
    }

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
