//! TLS of the client: which servers it trusts, and what it shows them.

use std::io;
use std::sync::Arc;

use axum::http::Uri;
use hyper_util::rt::TokioIo;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower::Service;
use tower::util::BoxService;

use super::ClientError;

/// What the protocol is called when a connection is opened.
const HTTP2: &[u8] = b"h2";
const DEFAULT_PORT: u16 = 443;

/// How a client speaks TLS, where the URL asks for it.
#[derive(Clone, Default)]
pub struct TlsOptions {
    /// The authorities that the server's certificate may be of, in PEM format, in place of those
    /// that the operating system trusts.
    pub authorities: Option<Vec<u8>>,
    /// The client's own certificate and its private key, in PEM format.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
}

impl std::fmt::Debug for TlsOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsOptions")
            .field("has_authorities", &self.authorities.is_some())
            .field("has_identity", &self.identity.is_some())
            .finish()
    }
}

impl TlsOptions {
    pub(super) fn is_empty(&self) -> bool {
        self.authorities.is_none() && self.identity.is_none()
    }

    /// Returns how connections are encrypted.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, ClientError> {
        let unusable = |error: rustls::Error| unusable("certificate", error);
        let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_root_certificates(self.roots()?);
        let mut config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let chain = certificates("certificate", certificate)?;
                let key = PrivateKeyDer::from_pem_slice(key)
                    .map_err(|error| self::unusable("private key", error))?;
                builder.with_client_auth_cert(chain, key).map_err(unusable)?
            }
        };
        config.alpn_protocols = vec![HTTP2.to_vec()];
        Ok(Arc::new(config))
    }

    fn roots(&self) -> Result<RootCertStore, ClientError> {
        let what = "authority of the server";
        let mut roots = RootCertStore::empty();
        let Some(authorities) = &self.authorities else {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                return Err(unusable(what, "the operating system trusts none"));
            }
            return Ok(roots);
        };
        for certificate in certificates(what, authorities)? {
            roots.add(certificate).map_err(|error| unusable(what, error))?;
        }
        Ok(roots)
    }
}

fn certificates(
    what: &'static str,
    pem: &[u8],
) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.map_err(|error| unusable(what, error))?;
    if certificates.is_empty() {
        return Err(unusable(what, "there is no certificate in PEM format"));
    }
    Ok(certificates)
}

fn unusable(what: &'static str, reason: impl std::fmt::Display) -> ClientError {
    ClientError::Tls { what, reason: reason.to_string() }
}

/// Returns what opens encrypted connections.
pub(super) fn connector(
    config: Arc<ClientConfig>,
) -> impl Service<Uri, Response = TokioIo<TlsStream<TcpStream>>, Error = io::Error, Future: Send> {
    let tls = TlsConnector::from(config);
    BoxService::new(tower::service_fn(move |uri: Uri| connect(tls.clone(), uri)))
}

async fn connect(tls: TlsConnector, uri: Uri) -> io::Result<TokioIo<TlsStream<TcpStream>>> {
    let host = uri.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(DEFAULT_PORT))).await?;
    stream.set_nodelay(true)?;
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    Ok(TokioIo::new(tls.connect(name, stream).await?))
}
