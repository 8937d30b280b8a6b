//! Connections, which end the sessions that they name.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use futures::{Stream, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tonic::transport::server::Connected;

use super::service::Shared;
use crate::net::{Connection, Peer};

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
    pub(crate) fn watch<C: Into<Connection>>(
        &self,
        incoming: impl Stream<Item = io::Result<C>>,
    ) -> impl Stream<Item = io::Result<Watched>> {
        let shared = Arc::downgrade(&self.shared);
        incoming.map(move |connection| {
            Ok(Watched { connection: connection?.into(), shared: Weak::clone(&shared) })
        })
    }

    /// Ends the sessions, cancels the polled statements and drops the plans that nobody asks for.
    pub fn tidy(&self) {
        self.shared.sessions.tidy();
        self.shared.jobs.tidy();
        self.shared.plans.tidy();
    }
}

/// A connection whose session ends with it.
#[derive(Debug)]
pub(crate) struct Watched {
    connection: Connection,
    shared: Weak<Shared>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let (Some(peer), Some(shared)) = (self.connection.peer().address, self.shared.upgrade())
        {
            shared.sessions.disconnect(peer);
        }
    }
}

impl Connected for Watched {
    type ConnectInfo = Peer;

    fn connect_info(&self) -> Peer {
        self.connection.connect_info()
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_read(context, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.connection).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.connection).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.connection.is_write_vectored()
    }
}
