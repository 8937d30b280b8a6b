//! Listeners over sockets, with an authority made for each test.

mod clients;
mod handshakes;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use godwit_config::Tls as Settings;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    SanType,
};
use rustls::client::WantsClientCert;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Connection, Endpoint, Listener, Tls};

/// An authority, and the folder of what it signs.
struct Authority {
    folder: tempfile::TempDir,
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Test Authority");
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        let issuer = Issuer::new(params, key);
        Self { folder: tempfile::tempdir().unwrap(), certificate, issuer }
    }

    /// Writes a certificate for `localhost` with its key, and returns the settings that name them.
    fn settings(&self) -> Settings {
        let path = |name: &str| Some(self.folder.path().join(name));
        let settings = Settings {
            certificate: path("server.pem"),
            key: path("server.key"),
            ..Settings::default()
        };
        self.renew(&settings);
        settings
    }

    /// Writes a new certificate and key over the old ones; returns the certificate.
    fn renew(&self, settings: &Settings) -> CertificateDer<'static> {
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        write(settings.certificate.as_deref(), &certificate.pem());
        write(settings.key.as_deref(), &key.serialize_pem());
        certificate.der().clone()
    }

    /// Returns a client that trusts the authority.
    fn client(&self) -> ClientConfig {
        self.trusting().with_no_client_auth()
    }

    /// Returns a client with a certificate of these names.
    fn client_named(&self, common_name: &str, others: Vec<SanType>) -> ClientConfig {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, common_name);
        params.subject_alt_names = others;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().der().clone();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        self.trusting().with_client_auth_cert(vec![certificate], key).unwrap()
    }

    fn trusting(&self) -> ConfigBuilder<ClientConfig, WantsClientCert> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
    }
}

fn write(path: Option<&Path>, text: &str) {
    std::fs::write(path.unwrap(), text).unwrap();
}

/// A listener whose connections are kept open.
struct Open {
    address: SocketAddr,
    connections: tokio::sync::mpsc::UnboundedReceiver<Connection>,
    _task: JoinSet<()>,
}

impl Open {
    async fn start(tls: &Arc<Tls>, endpoint: Endpoint) -> Self {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let mut listener = Listener::new(tcp, endpoint, Some(Arc::clone(tls)));
        let (sender, connections) = tokio::sync::mpsc::unbounded_channel();
        let mut task = JoinSet::new();
        task.spawn(async move {
            loop {
                let _closed = sender.send(listener.next().await);
            }
        });
        Self { address, connections, _task: task }
    }

    async fn connect(&self, client: ClientConfig) -> std::io::Result<TlsStream<TcpStream>> {
        let tcp = TcpStream::connect(self.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(client)).connect(name, tcp).await
    }
}
