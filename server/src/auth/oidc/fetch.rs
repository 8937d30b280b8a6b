//! Asks an issuer for its keys.

use std::time::Duration;

use godwit_config::Issuer as Settings;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::key::{Key, Shown};
use crate::auth::AuthSetupError;

/// How long an issuer may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than any set of keys has.
const MAX_BYTES: usize = 1 << 20;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("{}", whole(.0))]
    Http(#[from] reqwest::Error),
    #[error("the answer has more than {MAX_BYTES} bytes")]
    TooLong,
    #[error("the answer is not what was asked for: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("the description is that of the issuer \"{0}\"")]
    Foreign(String),
    #[error("there is no key for signatures among them")]
    NoKeys,
}

/// Returns the message of an error with those of its causes.
fn whole(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", whole(cause)),
        None => error.to_string(),
    }
}

/// Where the keys of an issuer are.
#[derive(Debug)]
pub(super) struct Source {
    client: Client,
    issuer: String,
    /// Where the keys are, if the issuer need not be asked first.
    keys: Option<String>,
}

/// What an issuer says about itself (`OpenID` Connect Discovery).
#[derive(Deserialize)]
struct Description {
    issuer: String,
    jwks_uri: String,
}

/// A set of keys. Those that cannot be read do not make the others useless.
#[derive(Deserialize)]
struct Keys {
    keys: Vec<Value>,
}

impl Source {
    pub(super) fn try_new(settings: &Settings) -> Result<Self, AuthSetupError> {
        let unusable =
            |reason: String| AuthSetupError::Issuer { issuer: settings.issuer.clone(), reason };
        let mut builder = Client::builder()
            .timeout(PATIENCE)
            .redirect(Policy::none())
            .user_agent(concat!("godwit/", env!("CARGO_PKG_VERSION")));
        if let Some(path) = &settings.ca {
            let text = std::fs::read(path)
                .map_err(|error| unusable(format!("\"{}\": {error}", path.display())))?;
            let authorities = Certificate::from_pem_bundle(&text)
                .map_err(|error| unusable(format!("\"{}\": {error}", path.display())))?;
            for authority in authorities {
                builder = builder.add_root_certificate(authority);
            }
        }
        Ok(Self {
            client: builder.build().map_err(|error| unusable(error.to_string()))?,
            issuer: settings.issuer.clone(),
            keys: settings.jwks_uri.clone(),
        })
    }

    /// Returns the name of the issuer.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Fetches the keys.
    pub(super) async fn fetch(&self) -> Result<Vec<Key>, FetchError> {
        let address = match &self.keys {
            Some(address) => address.clone(),
            None => self.discover().await?,
        };
        let Keys { keys } = self.get(&address).await?;
        let keys = keys.into_iter().filter_map(|key| serde_json::from_value::<Shown>(key).ok());
        let keys: Vec<Key> = keys.filter_map(Key::read).collect();
        if keys.is_empty() { Err(FetchError::NoKeys) } else { Ok(keys) }
    }

    async fn discover(&self) -> Result<String, FetchError> {
        let base = self.issuer.trim_end_matches('/');
        let address = format!("{base}/.well-known/openid-configuration");
        let description: Description = self.get(&address).await?;
        if description.issuer != self.issuer {
            return Err(FetchError::Foreign(description.issuer));
        }
        Ok(description.jwks_uri)
    }

    async fn get<T: DeserializeOwned>(&self, address: &str) -> Result<T, FetchError> {
        let mut response = self.client.get(address).send().await?.error_for_status()?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(FetchError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(serde_json::from_slice(&body)?)
    }
}
