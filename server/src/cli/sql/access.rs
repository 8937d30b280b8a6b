//! How a server lets us in: credentials, certificates.

use std::path::{Path, PathBuf};

use clap::Args;
use godwit_config::environment_variable;
use url::Url;

use crate::cli::failure::Failure;
use crate::flight::client::{Authentication, TlsOptions};

/// What a server is shown, and how it shows itself.
#[derive(Debug, Args)]
pub(super) struct Access {
    /// Token for the server; by default `GODWIT_TOKEN`
    #[arg(long, value_name = "TOKEN", requires = "url", conflicts_with = "user")]
    token: Option<String>,
    /// User to log in as, with the password of `GODWIT_PASSWORD`
    #[arg(long, value_name = "NAME", requires = "url")]
    user: Option<String>,
    /// PEM file with the authority of the server's certificate; by default those of the system
    #[arg(long, value_name = "FILE", requires = "url")]
    ca: Option<PathBuf>,
    /// PEM file with the certificate to show to the server
    #[arg(long, value_name = "FILE", requires = "url", requires = "key")]
    certificate: Option<PathBuf>,
    /// PEM file with the private key of the certificate
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
}

impl Access {
    /// Returns the URL without credentials, and these: those of the URL count first.
    pub(super) fn credentials(&self, url: &str) -> (String, Authentication) {
        let (url, user) = split_credentials(url);
        let password = || environment_variable("GODWIT_PASSWORD").unwrap_or_default();
        let user = user.or_else(|| self.user.clone().map(|user| (user, password())));
        let token = || self.token.clone().or_else(|| environment_variable("GODWIT_TOKEN"));
        let authentication = match user {
            Some((user, password)) => Authentication::Basic { user, password },
            None => token().map_or(Authentication::None, Authentication::Token),
        };
        (url, authentication)
    }

    /// Reads the files.
    pub(super) fn tls(&self) -> Result<TlsOptions, Failure> {
        let identity = match (&self.certificate, &self.key) {
            (Some(certificate), Some(key)) => Some((read(certificate)?, read(key)?)),
            _ => None,
        };
        Ok(TlsOptions { authorities: self.ca.as_deref().map(read).transpose()?, identity })
    }
}

fn read(path: impl AsRef<Path>) -> Result<Vec<u8>, Failure> {
    let path = path.as_ref();
    std::fs::read(path)
        .map_err(|error| Failure::new(format!("cannot read \"{}\": {error}", path.display())))
}

/// Returns the URL without its user and password, and these.
fn split_credentials(url: &str) -> (String, Option<(String, String)>) {
    let Ok(parsed) = Url::parse(url) else { return (url.to_owned(), None) };
    if parsed.username().is_empty() {
        return (url.to_owned(), None);
    }
    let text = |part: &str| {
        url::form_urlencoded::parse(format!("p={}", part.replace('+', "%2B")).as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let credentials = (text(parsed.username()), text(parsed.password().unwrap_or_default()));
    let bare = match url.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
            format!("{scheme}://{host}")
        }
        None => url.to_owned(),
    };
    (bare, Some(credentials))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_leave_the_url() {
        let (url, user) = split_credentials("grpc+tls://ada:p%40ss+1@localhost:50051");
        assert_eq!(url, "grpc+tls://localhost:50051");
        assert_eq!(user, Some(("ada".to_owned(), "p@ss+1".to_owned())));
        let (url, user) = split_credentials("grpc://localhost:50051");
        assert_eq!((url.as_str(), user), ("grpc://localhost:50051", None));
    }
}
