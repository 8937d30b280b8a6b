//! Arrow Flight SQL: our own `FlightService` over the commands of the protocol.
//!
//! `service` receives calls and hands each command to the file of its group; `wire` decides what
//! results look like; `client` is the other end, used by `godwit sql --url`.

mod actions;
mod call;
mod cancel;
pub mod client;
mod command;
mod connections;
mod credentials;
mod execution;
mod extent;
mod handle;
mod inflation;
mod info;
mod ingest;
mod jobs;
mod lz4;
mod metadata;
mod parameters;
mod partitions;
mod plans;
mod poll;
mod prepared;
mod renew;
mod service;
mod session_messages;
mod sessions;
mod settings;
mod several;
mod statement;
mod status;
mod tables;
mod updates;
mod upload;
mod wire;

#[cfg(test)]
mod tests;

pub use connections::Connections;
pub use service::{FlightOptions, FlightService, router};
