//! A server with TLS, client certificates, an issuer of tokens and a role with grants, for clients
//! of any language.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use libtest_mimic::Failed;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    SanType,
};

use crate::clients::Server;

/// The name in the certificate of the client.
pub(crate) const CLIENT: &str = "spiffe://example.org/loader";

/// The server, and the files its clients need.
pub(crate) struct Secured {
    pub(crate) server: Server,
    pub(crate) authority: PathBuf,
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    /// Where the client may serve as an issuer of tokens.
    pub(crate) issuer: String,
}

impl Secured {
    /// Starts a server: the token `root-token` is that of an administrator, `eve-token` that of
    /// somebody who may read `maps.*` and fill `public.inbox`, as do bearers of the role `gis`.
    pub(crate) fn start(folder: &Path) -> Result<Self, Failed> {
        let authority = authority(folder)?;
        let hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        sign(folder, "server", &authority, &CertificateParams::new(hosts)?)?;
        let mut client = CertificateParams::default();
        client.subject_alt_names = vec![SanType::URI(CLIENT.try_into()?)];
        client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        sign(folder, "client", &authority, &client)?;
        let shown = folder.display();
        let issuer = format!("http://{}", free_address()?);
        let config = folder.join("godwit.toml");
        let text = format!(
            r#"
[tls]
certificate = "{shown}/server.pem"
key = "{shown}/server.key"
client_ca = "{shown}/authority.pem"
[auth]
mode = "required"
tokens = [
    {{ name = "root", value = "root-token", role = "admin" }},
    {{ name = "eve", value = "eve-token", role = "analyst" }},
]
roles = [{{ name = "analyst", grants = ["SELECT ON maps.*", "INSERT ON public.inbox"] }}]
certificates = [{{ name = "{CLIENT}", role = "writer" }}]
issuers = [{{ issuer = "{issuer}", audience = ["godwit"], roles = {{ gis = "analyst" }} }}]
"#
        );
        std::fs::write(&config, text)?;
        Ok(Self {
            server: Server::start_with(folder, &["--config", &config.to_string_lossy()])?,
            authority: folder.join("authority.pem"),
            certificate: folder.join("client.pem"),
            key: folder.join("client.key"),
            issuer,
        })
    }
}

/// Returns an address that nobody listens on.
fn free_address() -> std::io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

fn authority(folder: &Path) -> Result<Issuer<'static, KeyPair>, Failed> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "Suite Authority");
    let key = KeyPair::generate()?;
    std::fs::write(folder.join("authority.pem"), params.self_signed(&key)?.pem())?;
    Ok(Issuer::new(params, key))
}

fn sign(
    folder: &Path,
    name: &str,
    authority: &Issuer<'static, KeyPair>,
    params: &CertificateParams,
) -> Result<(), Failed> {
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, authority)?;
    std::fs::write(folder.join(format!("{name}.pem")), certificate.pem())?;
    std::fs::write(folder.join(format!("{name}.key")), key.serialize_pem())?;
    Ok(())
}
