//! The address of a server, and how it is reached.

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tonic::transport::{Channel, Endpoint, Error};

use super::ClientError;
use super::tls::{TlsOptions, connector};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// Where a URL leads.
#[derive(Debug)]
pub(super) struct Address {
    endpoint: Endpoint,
    tls: Option<Arc<ClientConfig>>,
}

impl Address {
    /// Reads a URL.
    pub(super) fn parse(url: &str, tls: &TlsOptions) -> Result<Self, ClientError> {
        let refused = |reason| ClientError::Url { url: url.to_owned(), reason };
        let (scheme, address) = url.split_once("://").unwrap_or(("grpc", url));
        let is_encrypted = match scheme {
            "grpc" | "grpc+tcp" | "http" => false,
            "grpc+tls" | "https" => true,
            _ => return Err(refused("must start with grpc:// or grpc+tls://")),
        };
        if !is_encrypted && !tls.is_empty() {
            return Err(refused("does not ask for TLS, as grpc+tls:// does"));
        }
        let scheme = if is_encrypted { "https" } else { "http" };
        let endpoint = Endpoint::from_shared(format!("{scheme}://{address}"))
            .map_err(|_error| refused("is not a valid address"))?
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_nodelay(true)
            .initial_stream_window_size(8 * 1024 * 1024)
            .initial_connection_window_size(16 * 1024 * 1024);
        let tls = is_encrypted.then(|| tls.config()).transpose()?;
        Ok(Self { endpoint, tls })
    }

    /// Opens a connection.
    pub(super) async fn connect(self) -> Result<Channel, Error> {
        match self.tls {
            Some(tls) => self.endpoint.connect_with_connector(connector(tls)).await,
            None => self.endpoint.connect().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_checked_before_connecting() {
        let plain = TlsOptions::default();
        for good in ["grpc://localhost:50051", "http://[::1]:50051", "localhost:50051"] {
            assert!(Address::parse(good, &plain).is_ok(), "{good}");
        }
        for bad in ["ftp://localhost", "grpc://a b", "grpc+tls://a b"] {
            assert!(matches!(Address::parse(bad, &plain), Err(ClientError::Url { .. })), "{bad}");
        }
    }

    #[test]
    fn what_is_for_tls_is_not_ignored_without_it() {
        let authorities = Some(b"nothing in PEM format".to_vec());
        let tls = TlsOptions { authorities, identity: None };
        let plain = Address::parse("grpc://localhost", &tls).unwrap_err();
        assert!(matches!(plain, ClientError::Url { .. }), "{plain}");
        for url in ["grpc+tls://localhost", "https://localhost:50051"] {
            let unusable = Address::parse(url, &tls).unwrap_err();
            assert!(matches!(unusable, ClientError::Tls { .. }), "{unusable}");
        }
    }
}
