//! Connections, which end the sessions that they name.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use futures::{Stream, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tonic::transport::server::{Connected, TcpConnectInfo};

use super::service::Shared;

/// Ends what nobody needs: the sessions of a connection that is gone, sessions and polled
/// statements that nobody asks for.
#[derive(Debug, Clone)]
pub struct Connections {
    shared: Arc<Shared>,
}

impl Connections {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Returns the connections as they arrive; each ends its session when it is dropped.
    pub fn watch(
        &self,
        incoming: impl Stream<Item = io::Result<TcpStream>>,
    ) -> impl Stream<Item = io::Result<Watched>> {
        let shared = Arc::downgrade(&self.shared);
        incoming.map(move |stream| {
            let stream = stream?;
            let peer = stream.peer_addr().ok();
            Ok(Watched { stream, peer, shared: Weak::clone(&shared) })
        })
    }

    /// Ends the sessions, and cancels the polled statements, that nobody asks for.
    pub fn tidy(&self) {
        self.shared.sessions.tidy();
        self.shared.jobs.tidy();
    }
}

/// A connection whose session ends with it.
#[derive(Debug)]
pub struct Watched {
    stream: TcpStream,
    peer: Option<SocketAddr>,
    shared: Weak<Shared>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let (Some(peer), Some(shared)) = (self.peer, self.shared.upgrade()) {
            shared.sessions.disconnect(peer);
        }
    }
}

impl Connected for Watched {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> TcpConnectInfo {
        self.stream.connect_info()
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
