//! What clients get: the certificate in use, a protocol, or a word.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

fn shown(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    let (_, session) = stream.get_ref();
    session.peer_certificates().unwrap()[0].clone().into_owned()
}

#[tokio::test]
async fn changed_files_are_shown_to_new_clients_and_broken_ones_are_not() {
    let authority = Authority::new();
    let settings = authority.settings();
    let tls = Tls::try_new(&settings).unwrap().unwrap();
    let open = Open::start(&tls, Endpoint::Http).await;
    let first = open.connect(authority.client()).await.unwrap();

    tls.refresh(false);
    let second = open.connect(authority.client()).await.unwrap();
    assert_eq!(shown(&first), shown(&second));

    let renewed = authority.renew(&settings);
    tls.refresh(true);
    let third = open.connect(authority.client()).await.unwrap();
    assert_eq!(shown(&third), renewed);

    // A key of another certificate, and a file cut short.
    write(settings.key.as_deref(), &KeyPair::generate().unwrap().serialize_pem());
    tls.refresh(false);
    write(settings.certificate.as_deref(), "-----BEGIN CERTIFICATE-----\nMIIB");
    tls.refresh(false);
    let fourth = open.connect(authority.client()).await.unwrap();
    assert_eq!(shown(&fourth), renewed);
}

#[tokio::test]
async fn each_endpoint_negotiates_its_protocols() {
    let authority = Authority::new();
    let tls = Tls::try_new(&authority.settings()).unwrap().unwrap();
    for (endpoint, offered, agreed) in [
        (Endpoint::Flight, &[&b"h2"[..], b"http/1.1"][..], Some(&b"h2"[..])),
        (Endpoint::Http, &[b"http/1.1"], Some(b"http/1.1")),
        (Endpoint::Http, &[b"http/1.1", b"h2"], Some(b"h2")),
        (Endpoint::Flight, &[], None),
        (Endpoint::Both, &[b"http/1.1"], Some(b"http/1.1")),
        (Endpoint::Both, &[b"h2"], Some(b"h2")),
    ] {
        let open = Open::start(&tls, endpoint).await;
        let mut client = authority.client();
        client.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
        let stream = open.connect(client).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), agreed);
    }
    let open = Open::start(&tls, Endpoint::Flight).await;
    let mut client = authority.client();
    client.alpn_protocols = vec![b"http/1.1".to_vec()];
    assert!(open.connect(client).await.is_err());
}

#[tokio::test]
async fn bytes_pass_both_ways() {
    let authority = Authority::new();
    let tls = Tls::try_new(&authority.settings()).unwrap().unwrap();
    let mut open = Open::start(&tls, Endpoint::Http).await;
    let mut client = open.connect(authority.client()).await.unwrap();
    client.write_all(b"ping").await.unwrap();
    let mut server = open.connections.recv().await.unwrap();
    assert_eq!(server.peer().address.unwrap(), client.get_ref().0.local_addr().unwrap());
    let mut read = [0; 4];
    server.read_exact(&mut read).await.unwrap();
    server.write_all(b"pong").await.unwrap();
    server.flush().await.unwrap();
    client.read_exact(&mut read).await.unwrap();
    assert_eq!(&read, b"pong");
}

#[tokio::test]
async fn a_client_without_tls_is_told_and_does_not_stop_others() {
    let authority = Authority::new();
    let tls = Tls::try_new(&authority.settings()).unwrap().unwrap();
    let open = Open::start(&tls, Endpoint::Http).await;
    let _silent = TcpStream::connect(open.address).await.unwrap();
    let mut plain = TcpStream::connect(open.address).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // The request is not read, so the end of the answer may be a reset.
    let _reset = plain.read_to_end(&mut answer).await;
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 400"), "{answer:?}");
    open.connect(authority.client()).await.unwrap();
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let authority = Authority::new();
    let refused = |settings: &Settings| Tls::try_new(settings).unwrap_err().to_string();
    let settings = authority.settings();
    let swapped = Settings {
        certificate: settings.key.clone(),
        key: settings.certificate.clone(),
        ..Settings::default()
    };
    assert!(refused(&swapped).contains("server.key\" (tls.certificate) has no certificate"));
    let absent = Settings { key: Some("no/such.key".into()), ..settings.clone() };
    assert!(refused(&absent).contains("no/such.key\" (tls.key)"), "{}", refused(&absent));
    write(settings.key.as_deref(), &KeyPair::generate().unwrap().serialize_pem());
    assert!(refused(&settings).contains("cannot be used together"), "{}", refused(&settings));
}
