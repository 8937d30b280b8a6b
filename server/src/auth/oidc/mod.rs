//! Bearer tokens of `OpenID` Connect issuers.
//!
//! A token is a JSON Web Token (RFC 7519) with a signature (RFC 7515) by a public key that the
//! issuer shows (RFC 7517). Shared secrets and unsigned tokens are no algorithm here at all.

mod claims;
mod fetch;
mod key;
mod keys;
#[cfg(test)]
mod tests;
mod token;

use std::time::{SystemTime, UNIX_EPOCH};

use godwit_config::{Issuer as Settings, Role};
use serde_json::Value;

use self::claims::{Claims, granted, name};
use self::fetch::Source;
use self::key::Algorithm;
use self::keys::KeySet;
use self::token::Token;
use crate::auth::{AuthError, AuthSetupError};

/// Who a token says its bearer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bearer {
    pub(super) name: String,
    pub(super) roles: Vec<Role>,
}

/// The issuers of a configuration.
#[derive(Debug)]
pub(super) struct Issuers {
    issuers: Vec<Issuer>,
}

#[derive(Debug)]
struct Issuer {
    settings: Settings,
    algorithms: Vec<Algorithm>,
    keys: KeySet,
}

impl Issuers {
    pub(super) fn try_new(issuers: &[Settings]) -> Result<Self, AuthSetupError> {
        let issuers = issuers.iter().map(|settings| {
            Ok(Issuer {
                settings: settings.clone(),
                algorithms: settings
                    .algorithms
                    .iter()
                    .filter_map(|name| Algorithm::from_name(name))
                    .collect(),
                keys: KeySet::new(Source::try_new(settings)?),
            })
        });
        Ok(Self { issuers: issuers.collect::<Result<_, _>>()? })
    }

    /// Returns who the bearer of a token is; nothing if it is no token of this kind.
    pub(super) async fn bearer(&self, text: &str) -> Option<Result<Bearer, AuthError>> {
        if self.issuers.is_empty() {
            return None;
        }
        let token = Token::parse(text)?;
        let issuer = token.claims.get("iss").and_then(Value::as_str);
        let issuer = self.issuers.iter().find(|known| Some(&*known.settings.issuer) == issuer);
        Some(match issuer {
            Some(issuer) => issuer.verify(&token).await,
            None => Err(refused("its issuer is not one of auth.issuers")),
        })
    }
}

impl Issuer {
    async fn verify(&self, token: &Token<'_>) -> Result<Bearer, AuthError> {
        let algorithm = Algorithm::from_name(&token.algorithm);
        let algorithm = algorithm.filter(|known| self.algorithms.contains(known));
        let algorithm = algorithm.ok_or_else(|| refused("its algorithm is not allowed"))?;
        let keys = self.keys.of(token.key_id.as_deref()).await?;
        let mut fitting = keys.iter().filter(|key| key.may_have_signed(token, algorithm));
        if !fitting.any(|key| key.has_signed(token, algorithm)) {
            return Err(refused("no key of its issuer has signed it"));
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let claims: &Claims = &token.claims;
        claims::check(claims, &self.settings.audience, now).map_err(refused)?;
        let name = name(claims, &self.settings).map_err(refused)?;
        let roles = granted(claims, &self.settings);
        if roles.is_empty() {
            return Err(refused("none of its roles is one here"));
        }
        Ok(Bearer { name, roles })
    }
}

fn refused(reason: &'static str) -> AuthError {
    AuthError::Token { reason }
}
