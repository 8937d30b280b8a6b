//! The `godwit` binary: command line, Flight SQL, HTTP, TLS, authentication, telemetry, shutdown.
//!
//! The protocols only decode, call the engine and encode.

pub mod auth;
pub mod cli;
pub mod flight;
pub mod http;
pub mod net;
pub mod serve;
pub mod telemetry;
