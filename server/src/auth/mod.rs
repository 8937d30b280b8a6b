//! Who a client is: tokens, passwords, and the session tokens that stand in for them.

mod password;
mod session_token;

use godwit_config::{Auth, AuthMode, Role as ConfigRole, Token};
use godwit_engine::{Access, Principal, Role};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use self::password::Passwords;
use self::session_token::SessionTokens;

/// The name of clients that do not say who they are.
const ANONYMOUS: &str = "anonymous";

/// What a client shows.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// Nothing.
    Anonymous,
    /// A token in an `Authorization: Bearer` header.
    Bearer(String),
    /// A user name with a password, or a token's name with the token.
    Basic {
        /// The name.
        user: String,
        /// The password or token.
        password: String,
    },
    /// A token in an `X-API-Key` header.
    ApiKey(String),
}

/// Why a client is not let in. It does not say what exactly was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No credentials, and they are required.
    #[error("credentials are missing; send a token or a user name with a password")]
    Missing,
    /// Credentials that nobody has.
    #[error("the credentials are not valid")]
    Invalid,
    /// A session token that is too old.
    #[error("the session token has expired; log in again")]
    Expired,
}

/// Decides who a client is.
#[derive(Debug)]
pub struct Authenticator {
    mode: AuthMode,
    tokens: Vec<StaticToken>,
    passwords: Passwords,
    session_tokens: SessionTokens,
}

#[derive(Debug)]
struct StaticToken {
    digest: [u8; 32],
    principal: Principal,
}

impl Authenticator {
    /// Returns the authenticator of a configuration.
    pub fn from_config(auth: &Auth) -> Self {
        let tokens = auth.tokens.iter().filter_map(|token| {
            let digest = digest_of(token)?;
            Some(StaticToken { digest, principal: principal(&token.name, token.role) })
        });
        Self {
            mode: auth.mode,
            tokens: tokens.collect(),
            passwords: Passwords::new(&auth.users),
            session_tokens: SessionTokens::new(),
        }
    }

    /// Returns who the credentials belong to. A password check takes a while: call it for
    /// [`Credentials::Basic`] off the request task.
    pub fn authenticate(&self, credentials: &Credentials) -> Result<Principal, AuthError> {
        if self.mode == AuthMode::None {
            let name = match credentials {
                Credentials::Basic { user, .. } if !user.is_empty() => user,
                _ => ANONYMOUS,
            };
            return Ok(principal(name, ConfigRole::Admin));
        }
        match credentials {
            Credentials::Anonymous => Err(AuthError::Missing),
            Credentials::Bearer(token) | Credentials::ApiKey(token) => {
                match self.bearer_of(token) {
                    Some(principal) => Ok(principal.clone()),
                    None => self.session_tokens.verify(token),
                }
            }
            Credentials::Basic { user, password } => {
                let bearer = self.bearer_of(password);
                match bearer.filter(|principal| principal.name == *user) {
                    Some(principal) => Ok(principal.clone()),
                    None => self.passwords.verify(user, password),
                }
            }
        }
    }

    /// Returns a token that stands for the principal for some hours, until the server restarts.
    pub fn issue_token(&self, principal: &Principal) -> String {
        self.session_tokens.issue(principal)
    }

    fn bearer_of(&self, token: &str) -> Option<&Principal> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        // Every token is compared, so that the time tells nothing about which ones exist.
        let mut found = None;
        for token in &self.tokens {
            if bool::from(token.digest.ct_eq(&digest)) {
                found = Some(&token.principal);
            }
        }
        found
    }
}

fn principal(name: &str, role: ConfigRole) -> Principal {
    let role = match role {
        ConfigRole::Reader => Role::Reader,
        ConfigRole::Writer => Role::Writer,
        ConfigRole::Admin => Role::Admin,
    };
    Principal { name: name.to_owned(), access: Access::Network, role }
}

fn digest_of(token: &Token) -> Option<[u8; 32]> {
    if let Some(value) = &token.value {
        return Some(Sha256::digest(value.expose().as_bytes()).into());
    }
    let hex = token.sha256.as_ref()?.expose();
    let mut digest = [0_u8; 32];
    for (index, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use godwit_config::{Secret, User};

    use super::*;

    fn authenticator() -> Authenticator {
        let token = |name: &str, value: Option<&str>, sha256: Option<&str>, role| Token {
            name: name.to_owned(),
            value: value.map(Secret::new),
            sha256: sha256.map(Secret::new),
            role,
        };
        // The digest of "abc", from FIPS 180-2.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        Authenticator::from_config(&Auth {
            mode: AuthMode::Required,
            tokens: vec![
                token("dashboard", Some("s3cret"), None, ConfigRole::Reader),
                token("loader", None, Some(abc), ConfigRole::Writer),
            ],
            users: vec![User {
                name: "ada".to_owned(),
                password_hash: Secret::new(password::hash("enchantress")),
                role: ConfigRole::Admin,
            }],
        })
    }

    #[test]
    fn tokens_open_in_each_header() {
        let authenticator = authenticator();
        let dashboard = authenticator.authenticate(&Credentials::Bearer("s3cret".into())).unwrap();
        assert_eq!((dashboard.name.as_str(), dashboard.role), ("dashboard", Role::Reader));
        let loader = authenticator.authenticate(&Credentials::ApiKey("abc".into())).unwrap();
        assert_eq!((loader.name.as_str(), loader.role), ("loader", Role::Writer));
        let basic = Credentials::Basic { user: "loader".into(), password: "abc".into() };
        assert_eq!(authenticator.authenticate(&basic).unwrap().name, "loader");
    }

    #[test]
    fn passwords_open_and_session_tokens_stand_in_for_them() {
        let authenticator = authenticator();
        let basic = Credentials::Basic { user: "ada".into(), password: "enchantress".into() };
        for _ in 0..2 {
            let ada = authenticator.authenticate(&basic).unwrap();
            assert_eq!((ada.role, ada.access), (Role::Admin, Access::Network));
            let token = authenticator.issue_token(&ada);
            assert_eq!(authenticator.authenticate(&Credentials::Bearer(token)).unwrap(), ada);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let authenticator = authenticator();
        let refused = |credentials| authenticator.authenticate(&credentials).unwrap_err();
        let basic = |user: &str, password: &str| Credentials::Basic {
            user: user.into(),
            password: password.into(),
        };
        assert_eq!(refused(Credentials::Anonymous), AuthError::Missing);
        assert_eq!(refused(Credentials::Bearer(String::new())), AuthError::Invalid);
        assert_eq!(refused(Credentials::Bearer("S3cret".into())), AuthError::Invalid);
        assert_eq!(refused(basic("ada", "abc")), AuthError::Invalid);
        assert_eq!(refused(basic("nobody", "enchantress")), AuthError::Invalid);
        let stranger = Authenticator::from_config(&Auth::default());
        let token = stranger.issue_token(&principal("ada", ConfigRole::Admin));
        assert_eq!(refused(Credentials::Bearer(token)), AuthError::Invalid);
    }
}
