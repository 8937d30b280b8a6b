//! The files that a server shows and trusts: certificate, key and the authority of its clients.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use godwit_config::ClientCertificates;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};

/// What a client of Flight SQL negotiates.
const FLIGHT_PROTOCOLS: [&[u8]; 1] = [b"h2"];
/// What a client of HTTP negotiates, the better one first.
const HTTP_PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// Why files cannot be used for TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read \"{}\" ({setting}): {source}", path.display())]
    Read {
        /// The setting that names the file.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What the parser or the operating system said.
        source: pem::Error,
    },
    /// A file has nothing of what it is named for.
    #[error("\"{}\" ({setting}) has no {what} in PEM format", path.display())]
    Empty {
        /// The setting that names the file.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What is missing.
        what: &'static str,
    },
    /// Certificate and key do not go together, or are of a kind that is not supported.
    #[error("certificate and key cannot be used together: {0}")]
    Pair(#[source] rustls::Error),
    /// The authorities of clients cannot be used.
    #[error("the authorities in \"{}\" (tls.client_ca) cannot be used: {reason}", path.display())]
    Authorities {
        /// The file.
        path: PathBuf,
        /// What is wrong with them.
        reason: String,
    },
}

/// How the two endpoints speak TLS.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) flight: Arc<ServerConfig>,
    pub(super) http: Arc<ServerConfig>,
}

impl Identity {
    /// Reads the files of the settings.
    pub(super) fn read(
        certificate: &Path,
        key: &Path,
        clients: Option<(&Path, ClientCertificates)>,
    ) -> Result<Self, TlsError> {
        let chain = certificates("tls.certificate", certificate)?;
        let key = private_key(key)?;
        let verifier = match clients {
            Some((authorities, asked)) => client_verifier(authorities, asked)?,
            None => WebPkiClientVerifier::no_client_auth(),
        };
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Pair)?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, key)
            .map_err(TlsError::Pair)?;
        Ok(Self {
            flight: negotiating(&config, &FLIGHT_PROTOCOLS),
            http: negotiating(&config, &HTTP_PROTOCOLS),
        })
    }
}

fn negotiating(config: &ServerConfig, protocols: &[&[u8]]) -> Arc<ServerConfig> {
    let mut config = config.clone();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Arc::new(config)
}

/// Returns what checks the certificates of clients.
fn client_verifier(
    path: &Path,
    asked: ClientCertificates,
) -> Result<Arc<dyn ClientCertVerifier>, TlsError> {
    let unusable = |reason: String| TlsError::Authorities { path: path.to_owned(), reason };
    let mut authorities = RootCertStore::empty();
    for certificate in certificates("tls.client_ca", path)? {
        authorities.add(certificate).map_err(|error| unusable(error.to_string()))?;
    }
    let provider = Arc::new(default_provider());
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(authorities), provider);
    let builder = match asked {
        ClientCertificates::Optional => builder.allow_unauthenticated(),
        ClientCertificates::Required => builder,
    };
    builder.build().map_err(|error| unusable(error.to_string()))
}

fn certificates(
    setting: &'static str,
    path: &Path,
) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let unread = |source| TlsError::Read { setting, path: path.to_owned(), source };
    let certificates = CertificateDer::pem_file_iter(path).map_err(unread)?;
    let certificates = certificates.collect::<Result<Vec<_>, _>>().map_err(unread)?;
    if certificates.is_empty() {
        return Err(TlsError::Empty { setting, path: path.to_owned(), what: "certificate" });
    }
    Ok(certificates)
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let setting = "tls.key";
    PrivateKeyDer::from_pem_file(path).map_err(|source| match source {
        pem::Error::NoItemsFound => {
            TlsError::Empty { setting, path: path.to_owned(), what: "unencrypted private key" }
        }
        source => TlsError::Read { setting, path: path.to_owned(), source },
    })
}
