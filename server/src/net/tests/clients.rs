//! The certificates of clients: asked for, checked, and read.

use godwit_config::ClientCertificates;
use tokio::io::AsyncReadExt as _;

use super::*;

fn asking(authority: &Authority, asked: ClientCertificates) -> Arc<Tls> {
    let client_ca = Some(authority.folder.path().join("clients.pem"));
    let der = pem_of(&authority.certificate);
    write(client_ca.as_deref(), &der);
    let settings = Settings { client_ca, client_certificates: asked, ..authority.settings() };
    Tls::try_new(&settings).unwrap().unwrap()
}

fn pem_of(certificate: &CertificateDer<'_>) -> String {
    use base64::Engine as _;
    let text = base64::prelude::BASE64_STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

async fn names(open: &mut Open, client: ClientConfig) -> Option<Vec<String>> {
    let _client = open.connect(client).await.unwrap();
    let connection = open.connections.recv().await.unwrap();
    Some(connection.peer().certificate.as_ref()?.names().to_vec())
}

#[tokio::test]
async fn the_names_of_a_certificate_are_read() {
    let authority = Authority::new();
    let tls = asking(&authority, ClientCertificates::Optional);
    let mut open = Open::start(&tls, Endpoint::Flight).await;
    assert_eq!(names(&mut open, authority.client()).await, None);
    let common = authority.client_named("Ada Lovelace", Vec::new());
    assert_eq!(names(&mut open, common).await.unwrap(), ["Ada Lovelace"]);
    let others = vec![
        SanType::Rfc822Name("ada@example.org".try_into().unwrap()),
        SanType::DnsName("maps.example.org".try_into().unwrap()),
        SanType::URI("spiffe://example.org/ada".try_into().unwrap()),
    ];
    let several = authority.client_named("Ada Lovelace", others);
    let expected = ["spiffe://example.org/ada", "maps.example.org", "ada@example.org"];
    assert_eq!(names(&mut open, several).await.unwrap(), expected);
}

#[tokio::test]
async fn strangers_are_refused_and_so_is_nobody_where_a_certificate_is_required() {
    let (authority, other) = (Authority::new(), Authority::new());
    for (asked, client) in [
        (ClientCertificates::Required, authority.client()),
        (ClientCertificates::Optional, {
            // It trusts the server, and its own certificate is of another authority.
            let stranger = other.client_named("Eve", Vec::new());
            let mut client = authority.client();
            client.client_auth_cert_resolver = stranger.client_auth_cert_resolver;
            client
        }),
    ] {
        let open = Open::start(&asking(&authority, asked), Endpoint::Flight).await;
        // The client may learn of it only when it reads.
        let refused = match open.connect(client).await {
            Ok(mut stream) => stream.read_u8().await.is_err(),
            Err(_) => true,
        };
        assert!(refused && open.connections.is_empty(), "{asked:?}");
    }
    let mut open =
        Open::start(&asking(&authority, ClientCertificates::Required), Endpoint::Http).await;
    let known = authority.client_named("Ada", Vec::new());
    assert_eq!(names(&mut open, known).await.unwrap(), ["Ada"]);
}
