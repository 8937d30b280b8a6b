//! Accepts connections; those of a TLS endpoint shake hands beside each other.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures::{Stream, stream};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::connection::Connection;
use super::tls::Tls;

/// How long a client may take to shake hands.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many clients may shake hands at once; further ones wait.
const MAX_HANDSHAKES: usize = 1024;
/// How long nothing is accepted when the process has no file handle left.
const PAUSE: Duration = Duration::from_secs(1);
/// The first byte of a TLS connection: a handshake record.
const HANDSHAKE_RECORD: u8 = 22;
/// What a client gets that speaks HTTP without TLS; others would not understand an answer.
const SPEAK_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\n\
                           connection: close\r\n\r\nThis port speaks TLS: use https.\n";

/// Which protocol is spoken on a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Flight SQL.
    Flight,
    /// HTTP.
    Http,
    /// Both of them.
    Both,
}

/// Accepts connections.
#[derive(Debug)]
pub(crate) struct Listener {
    tcp: TcpListener,
    endpoint: Endpoint,
    tls: Option<Arc<Tls>>,
    handshakes: JoinSet<Option<Connection>>,
}

impl Listener {
    /// Returns a listener whose connections are encrypted if there is a certificate.
    pub(crate) fn new(tcp: TcpListener, endpoint: Endpoint, tls: Option<Arc<Tls>>) -> Self {
        Self { tcp, endpoint, tls, handshakes: JoinSet::new() }
    }

    /// Returns the next connection that is ready for its protocol.
    pub(super) async fn next(&mut self) -> Connection {
        loop {
            tokio::select! {
                Some(shaken) = self.handshakes.join_next() => {
                    if let Ok(Some(connection)) = shaken {
                        return connection;
                    }
                }
                accepted = self.tcp.accept(), if self.handshakes.len() < MAX_HANDSHAKES => {
                    match accepted {
                        Ok((stream, _)) => {
                            if let Some(connection) = self.begin(stream) {
                                return connection;
                            }
                        }
                        Err(error) => recover(&error).await,
                    }
                }
            }
        }
    }

    /// Returns the connection if it is ready; one that is to be encrypted shakes hands first.
    fn begin(&mut self, stream: TcpStream) -> Option<Connection> {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(error = %error, "connection keeps its delay");
        }
        let Some(tls) = &self.tls else { return Some(stream.into()) };
        let acceptor = tls.config(self.endpoint).into();
        self.handshakes.spawn(shake_hands(acceptor, stream, self.endpoint));
        None
    }

    /// Returns the connections as they come.
    pub(crate) fn into_stream(self) -> impl Stream<Item = io::Result<Connection>> {
        stream::unfold(self, |mut listener| async move {
            let connection = listener.next().await;
            Some((Ok(connection), listener))
        })
    }
}

/// Waits when accepting can only fail again.
async fn recover(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};

    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    tracing::error!(error = %error, "connection cannot be accepted");
    tokio::time::sleep(PAUSE).await;
}

/// Returns the encrypted connection; nothing, but a line in the log, when it fails.
async fn shake_hands(
    acceptor: TlsAcceptor,
    mut stream: TcpStream,
    endpoint: Endpoint,
) -> Option<Connection> {
    let peer = stream.peer_addr().ok()?;
    let shaken = async {
        let mut begin = [0; 4];
        let length = stream.peek(&mut begin).await?;
        match begin.first() {
            // Whoever says nothing only looked whether the port is open.
            _ if length == 0 => return Ok(None),
            Some(&HANDSHAKE_RECORD) => {}
            _ => {
                let mistake = mistake(endpoint, begin);
                tracing::warn!(%peer, "client speaks no TLS: {mistake}");
                if endpoint != Endpoint::Flight && begin != *b"PRI " {
                    stream.write_all(SPEAK_TLS).await?;
                }
                return Ok(None);
            }
        }
        acceptor.accept(stream).await.map(|stream| Some(Connection::encrypted(stream)))
    };
    match tokio::time::timeout(PATIENCE, shaken).await {
        Ok(Ok(connection)) => connection,
        Ok(Err(error)) => {
            tracing::warn!(%peer, error = %error, "TLS handshake failed");
            None
        }
        Err(_elapsed) => {
            tracing::warn!(%peer, "TLS handshake took too long");
            None
        }
    }
}

/// Returns what a client has to set that begins without TLS.
fn mistake(endpoint: Endpoint, begin: [u8; 4]) -> &'static str {
    match (endpoint, &begin) {
        (Endpoint::Flight | Endpoint::Both, b"PRI ") => {
            "connect with grpc+tls:// instead of grpc://, in JDBC with useEncryption=true"
        }
        (Endpoint::Flight, b"GET " | b"POST" | b"HEAD" | b"PUT ") => {
            "this port is that of Flight SQL; HTTP has another one, with https://"
        }
        (_, b"PRI " | b"GET " | b"POST" | b"HEAD" | b"PUT " | b"OPTI" | b"DELE") => {
            "use https:// instead of http://"
        }
        _ => "the port of its address may be that of another service",
    }
}
