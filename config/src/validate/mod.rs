//! Settings that are each well-formed but do not go together.

mod auth;

use std::net::SocketAddr;

use self::auth::validate_auth;
use crate::{AuthMode, ClientCertificates, Config, ConfigError};

impl Config {
    /// Checks what no single setting can tell.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let addresses = [
            ("listen.flight_addr", self.listen.flight_addr),
            ("listen.http_addr", self.listen.http_addr),
        ];
        for (key, address) in addresses {
            if self.auth.mode == AuthMode::None && !address.ip().is_loopback() {
                return Err(open_to_the_network(key, address));
            }
        }
        validate_listen(self)?;
        let fraction = self.limits.memory_fraction;
        if !(fraction > 0.0 && fraction <= 1.0) {
            let reason = format!("is {fraction}");
            return Err(refused("limits.memory_fraction", reason, "set it above 0 and up to 1"));
        }
        let zeroes = [
            ("limits.max_concurrent_queries", self.limits.max_concurrent_queries),
            ("limits.target_partitions", self.limits.target_partitions),
        ];
        for (key, value) in zeroes {
            if value == Some(0) {
                return Err(refused(key, "is 0", "set it to 1 or more, or leave it out"));
            }
        }
        validate_tls(self)?;
        validate_auth(&self.auth)
    }
}

fn validate_listen(config: &Config) -> Result<(), ConfigError> {
    let listen = &config.listen;
    let (flight, http) = (listen.flight_addr, listen.http_addr);
    if flight == http && flight.port() != 0 && !listen.single_port {
        let reason = format!("is {http}, as is listen.flight_addr");
        let hint = "give each its own port, or set listen.single_port";
        return Err(refused("listen.http_addr", reason, hint));
    }
    let Some(plaintext) = listen.plaintext_addr else { return Ok(()) };
    if config.tls.certificate.is_none() {
        let hint = "leave it out: without tls.certificate nothing is encrypted";
        return Err(refused("listen.plaintext_addr", "is for a server with TLS", hint));
    }
    let is_taken = plaintext == flight || (plaintext == http && !listen.single_port);
    if is_taken && plaintext.port() != 0 {
        let reason = format!("is {plaintext}, which is encrypted");
        return Err(refused("listen.plaintext_addr", reason, "give it a port of its own"));
    }
    if config.auth.mode == AuthMode::None && !plaintext.ip().is_loopback() {
        return Err(open_to_the_network("listen.plaintext_addr", plaintext));
    }
    Ok(())
}

fn validate_tls(config: &Config) -> Result<(), ConfigError> {
    let (tls, auth) = (&config.tls, &config.auth);
    match (&tls.certificate, &tls.key) {
        (Some(_), None) => return Err(refused("tls.certificate", "has no key", "set tls.key too")),
        (None, Some(_)) => {
            return Err(refused("tls.key", "has no certificate", "set tls.certificate too"));
        }
        _ => {}
    }
    let has_authority = tls.client_ca.is_some();
    if has_authority && tls.certificate.is_none() {
        let hint = "set tls.certificate and tls.key too";
        return Err(refused("tls.client_ca", "needs TLS", hint));
    }
    if has_authority && auth.mode == AuthMode::None {
        let reason = "decides nothing while auth.mode is \"none\"";
        return Err(refused("tls.client_ca", reason, "set auth.mode = \"required\""));
    }
    if tls.client_certificates == ClientCertificates::Required && !has_authority {
        let hint = "set tls.client_ca";
        return Err(refused("tls.client_certificates", "are required of no authority", hint));
    }
    if !auth.certificates.is_empty() && !has_authority {
        let reason = "are never shown without an authority";
        return Err(refused("auth.certificates", reason, "set tls.client_ca"));
    }
    Ok(())
}

fn open_to_the_network(key: &str, address: SocketAddr) -> ConfigError {
    refused(
        key,
        format!("is {address}, which others on the network can reach without authentication"),
        "set auth.mode = \"required\" with a token or user, or listen on 127.0.0.1",
    )
}

pub(super) fn refused(key: &str, reason: impl Into<String>, hint: &str) -> ConfigError {
    ConfigError::Refused { key: key.to_owned(), reason: reason.into(), hint: hint.to_owned() }
}
