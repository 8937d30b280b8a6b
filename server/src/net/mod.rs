//! Connections: how they are accepted and encrypted, and who is at the other end.

mod certificate;
mod connection;
mod identity;
mod listener;
#[cfg(test)]
mod tests;
mod tls;

pub use self::certificate::ClientCertificate;
pub use self::connection::{Connection, Peer};
pub use self::identity::TlsError;
pub(crate) use self::listener::{Endpoint, Listener};
pub(crate) use self::tls::Tls;
