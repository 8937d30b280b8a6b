//! Who a client is: tokens, passwords, certificates, and the session tokens that stand
//! in for them.

mod certificates;
mod oidc;
mod password;
mod roles;
mod session_token;
mod throttle;

use std::net::IpAddr;
use std::sync::Arc;

use godwit_config::{Auth, AuthMode, Role, Token};
use godwit_engine::Principal;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::task::JoinSet;

use self::certificates::Certificates;
use self::oidc::Issuers;
use self::password::Passwords;
use self::roles::Roles;
use self::session_token::SessionTokens;
use crate::net::Peer;

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

/// Why a client is not let in. Of tokens and passwords that are kept here it does not say what exactly
/// was wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No credentials, and they are required.
    #[error("credentials are missing; send a token, or a user name with a password")]
    Missing,
    /// Credentials that nobody has.
    #[error("the credentials are not valid")]
    Invalid,
    /// A session token that is too old.
    #[error("the session token has expired; log in again")]
    Expired,
    /// A client certificate that no rule names.
    #[error("no rule of auth.certificates names the client certificate ({names})")]
    Unnamed {
        /// The names in the certificate.
        names: String,
    },
    /// A token of an issuer that does not count here.
    #[error("the bearer token is not accepted: {reason}")]
    Token {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Too many wrong passwords in a row.
    #[error("too many logins have failed; try again in {seconds} s")]
    Paused {
        /// How long nothing is checked.
        seconds: u64,
    },
    /// The check did not come to an end.
    #[error("the credentials could not be checked")]
    Unchecked,
}

/// Why credentials cannot be checked as configured.
#[derive(Debug, thiserror::Error)]
pub enum AuthSetupError {
    /// The keys of an issuer could not be fetched like this.
    #[error("issuer \"{issuer}\" (auth.issuers): {reason}")]
    Issuer {
        /// The issuer.
        issuer: String,
        /// What is wrong.
        reason: String,
    },
}

/// Decides who a client is.
#[derive(Debug)]
pub struct Authenticator {
    mode: AuthMode,
    tokens: Vec<StaticToken>,
    passwords: Passwords,
    certificates: Certificates,
    issuers: Issuers,
    roles: Roles,
    session_tokens: SessionTokens,
}

#[derive(Debug)]
struct StaticToken {
    digest: [u8; 32],
    principal: Principal,
}

impl Authenticator {
    /// Returns the authenticator of a configuration.
    pub fn from_config(auth: &Auth) -> Result<Self, AuthSetupError> {
        let roles = Roles::new(&auth.roles);
        let tokens = auth.tokens.iter().filter_map(|token| {
            let digest = digest_of(token)?;
            let principal = roles.principal(&token.name, std::slice::from_ref(&token.role));
            Some(StaticToken { digest, principal })
        });
        Ok(Self {
            mode: auth.mode,
            tokens: tokens.collect(),
            passwords: Passwords::new(&auth.users),
            certificates: Certificates::new(&auth.certificates),
            issuers: Issuers::try_new(&auth.issuers)?,
            roles,
            session_tokens: SessionTokens::new(),
        })
    }

    /// Returns the authenticator with tokens that outlive the process with the secret, as long as
    /// the configuration of who may log in stays the same.
    #[must_use]
    pub fn with_secret(self, secret: &[u8; 32], auth: &Auth) -> Self {
        Self { session_tokens: SessionTokens::kept(secret, auth), ..self }
    }

    /// Returns who the credentials belong to; those of a request count before the certificate of
    /// its connection, which must be a known one all the same.
    pub async fn authenticate(
        self: &Arc<Self>,
        credentials: Credentials,
        peer: &Peer,
    ) -> Result<Principal, AuthError> {
        if self.mode == AuthMode::None {
            let name = match &credentials {
                Credentials::Basic { user, .. } if !user.is_empty() => user,
                _ => ANONYMOUS,
            };
            return Ok(self.roles.principal(name, &[Role::Admin]));
        }
        let shown = peer.certificate.as_deref().map(|shown| self.certificates.bearer(shown));
        let bearer = shown.transpose()?.flatten();
        let (name, roles) = match credentials {
            Credentials::Anonymous => {
                let (name, role) = bearer.ok_or(AuthError::Missing)?;
                (name, vec![role])
            }
            Credentials::Bearer(token) | Credentials::ApiKey(token) => {
                if let Some(principal) = self.bearer_of(&token) {
                    return Ok(principal.clone());
                }
                match Box::pin(self.issuers.bearer(&token)).await {
                    Some(bearer) => bearer.map(|bearer| (bearer.name, bearer.roles))?,
                    None => self.session_tokens.verify(&token)?,
                }
            }
            Credentials::Basic { user, password } => {
                let bearer = self.bearer_of(&password);
                if let Some(principal) = bearer.filter(|principal| principal.name == user) {
                    return Ok(principal.clone());
                }
                let address = peer.address.map(|address| address.ip());
                let role = self.check_password(user.clone(), password, address).await?;
                (user, vec![role])
            }
        };
        Ok(self.roles.principal(&name, &roles))
    }

    /// Checks a password, which is slow on purpose and therefore not done on the request task.
    async fn check_password(
        self: &Arc<Self>,
        user: String,
        password: String,
        address: Option<IpAddr>,
    ) -> Result<Role, AuthError> {
        let authenticator = Arc::clone(self);
        let mut worker = JoinSet::new();
        worker.spawn_blocking(move || authenticator.passwords.verify(&user, &password, address));
        match worker.join_next().await {
            Some(Ok(answer)) => answer,
            Some(Err(_)) | None => Err(AuthError::Unchecked),
        }
    }

    /// Returns a token that stands for the principal for some hours.
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
    use godwit_config::{CertificateRule, Secret, User};
    use godwit_engine::{self as engine, Access};

    use super::*;
    use crate::net::ClientCertificate;

    fn authenticator() -> Arc<Authenticator> {
        let token = |name: &str, value: Option<&str>, sha256: Option<&str>, role| Token {
            name: name.to_owned(),
            value: value.map(Secret::new),
            sha256: sha256.map(Secret::new),
            role,
        };
        // The digest of "abc", from FIPS 180-2.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let auth = Auth {
            mode: AuthMode::Required,
            tokens: vec![
                token("dashboard", Some("s3cret"), None, Role::Reader),
                token("loader", None, Some(abc), Role::Writer),
            ],
            users: vec![User {
                name: "ada".to_owned(),
                password_hash: Secret::new(password::hash("enchantress")),
                role: Role::Admin,
            }],
            certificates: vec![CertificateRule {
                name: "*.example.org".to_owned(),
                role: Role::Writer,
            }],
            ..Auth::default()
        };
        Arc::new(Authenticator::from_config(&auth).unwrap())
    }

    async fn check(
        authenticator: &Arc<Authenticator>,
        credentials: Credentials,
    ) -> Result<Principal, AuthError> {
        authenticator.authenticate(credentials, &Peer::default()).await
    }

    #[tokio::test]
    async fn tokens_open_in_each_header() {
        let authenticator = authenticator();
        let dashboard = check(&authenticator, Credentials::Bearer("s3cret".into())).await.unwrap();
        assert_eq!((dashboard.name.as_str(), dashboard.role), ("dashboard", engine::Role::Reader));
        let loader = check(&authenticator, Credentials::ApiKey("abc".into())).await.unwrap();
        assert_eq!((loader.name.as_str(), loader.role), ("loader", engine::Role::Writer));
        let basic = Credentials::Basic { user: "loader".into(), password: "abc".into() };
        assert_eq!(check(&authenticator, basic.clone()).await.unwrap().name, "loader");
    }

    #[tokio::test]
    async fn passwords_open_and_session_tokens_stand_in_for_them() {
        let authenticator = authenticator();
        let basic = Credentials::Basic { user: "ada".into(), password: "enchantress".into() };
        for _ in 0..2 {
            let ada = check(&authenticator, basic.clone()).await.unwrap();
            assert_eq!((ada.role, ada.access), (engine::Role::Admin, Access::Network));
            let token = authenticator.issue_token(&ada);
            assert_eq!(check(&authenticator, Credentials::Bearer(token)).await.unwrap(), ada);
        }
    }

    #[tokio::test]
    async fn everything_else_is_refused() {
        let authenticator = authenticator();
        let refused = async |credentials| check(&authenticator, credentials).await.unwrap_err();
        let basic = |user: &str, password: &str| Credentials::Basic {
            user: user.into(),
            password: password.into(),
        };
        assert_eq!(refused(Credentials::Anonymous).await, AuthError::Missing);
        assert_eq!(refused(Credentials::Bearer(String::new())).await, AuthError::Invalid);
        assert_eq!(refused(Credentials::Bearer("S3cret".into())).await, AuthError::Invalid);
        assert_eq!(refused(basic("ada", "abc")).await, AuthError::Invalid);
        assert_eq!(refused(basic("nobody", "enchantress")).await, AuthError::Invalid);
        let stranger = Authenticator::from_config(&Auth::default()).unwrap();
        let token = stranger.issue_token(&stranger.roles.principal("ada", &[Role::Admin]));
        assert_eq!(refused(Credentials::Bearer(token)).await, AuthError::Invalid);
    }

    #[tokio::test]
    async fn whoever_guesses_has_to_wait_and_others_do_not() {
        let authenticator = authenticator();
        let at = |host| Peer { address: Some(([192, 0, 2, host], 1).into()), ..Peer::default() };
        let basic = |user: &str, password: &str| Credentials::Basic {
            user: user.into(),
            password: password.into(),
        };
        let ada = || basic("ada", "enchantress");
        authenticator.authenticate(ada(), &at(1)).await.unwrap();
        for _ in 0..6 {
            let wrong = authenticator.authenticate(basic("ada", "wrong"), &at(1)).await;
            assert!(wrong.is_err());
        }
        // Not even the right password tells whether it is right.
        let paused = authenticator.authenticate(ada(), &at(1)).await.unwrap_err();
        assert!(matches!(paused, AuthError::Paused { seconds: 1..=3 }), "{paused}");
        assert!(paused.to_string().contains("try again in"), "{paused}");
        authenticator.authenticate(ada(), &at(2)).await.unwrap();
        let token = basic("dashboard", "s3cret");
        authenticator.authenticate(token, &at(1)).await.unwrap();
    }

    #[tokio::test]
    async fn a_certificate_is_enough_and_a_token_counts_before_it() {
        let authenticator = authenticator();
        let known = Arc::new(ClientCertificate::of(&["maps.example.org"]));
        let check = async |credentials, certificate| {
            let peer = Peer { certificate: Some(Arc::clone(certificate)), ..Peer::default() };
            authenticator.authenticate(credentials, &peer).await
        };
        let maps = check(Credentials::Anonymous, &known).await.unwrap();
        assert_eq!((maps.name.as_str(), maps.role), ("maps.example.org", engine::Role::Writer));
        let token = || Credentials::Bearer("s3cret".into());
        assert_eq!(check(token(), &known).await.unwrap().name, "dashboard");
        let wrong = check(Credentials::Bearer("wrong".into()), &known).await;
        assert_eq!(wrong.unwrap_err(), AuthError::Invalid);
        let unknown = Arc::new(ClientCertificate::of(&["maps.example.com"]));
        for credentials in [Credentials::Anonymous, token()] {
            let refused = check(credentials, &unknown).await.unwrap_err();
            assert_eq!(refused, AuthError::Unnamed { names: "maps.example.com".to_owned() });
        }
    }
}
