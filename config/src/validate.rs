//! Settings that are each well-formed but do not go together.

use std::net::SocketAddr;

use crate::{Auth, AuthMode, Config, ConfigError, Tls, Token};

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
        let (flight, http) = (self.listen.flight_addr, self.listen.http_addr);
        if flight == http && flight.port() != 0 {
            let reason = format!("is {http}, as is listen.flight_addr");
            return Err(refused("listen.http_addr", reason, "give each its own port"));
        }
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
        validate_tls(&self.tls)?;
        validate_auth(&self.auth)
    }
}

fn validate_tls(tls: &Tls) -> Result<(), ConfigError> {
    match (&tls.certificate, &tls.key) {
        (Some(_), None) => Err(refused("tls.certificate", "has no key", "set tls.key too")),
        (None, Some(_)) => Err(refused("tls.key", "has no certificate", "set tls.certificate too")),
        _ => Ok(()),
    }
}

fn validate_auth(auth: &Auth) -> Result<(), ConfigError> {
    if auth.mode == AuthMode::Required && auth.tokens.is_empty() && auth.users.is_empty() {
        let hint = "add [[auth.tokens]] or [[auth.users]]";
        return Err(refused("auth.mode", "is \"required\" but nobody could log in", hint));
    }
    for token in &auth.tokens {
        validate_token(token)?;
    }
    for user in &auth.users {
        if !user.password_hash.expose().starts_with("$argon2") {
            let reason = format!("of \"{}\" is not an argon2 hash", user.name);
            let hint = "hash the password with `argon2 SALT -id -e`";
            return Err(refused("auth.users.password_hash", reason, hint));
        }
    }
    Ok(())
}

fn validate_token(token: &Token) -> Result<(), ConfigError> {
    let name = &token.name;
    match (&token.value, &token.sha256) {
        (Some(value), None) if value.expose().is_empty() => {
            let reason = format!("of \"{name}\" is empty");
            Err(refused("auth.tokens.value", reason, "set a long random text"))
        }
        (None, Some(digest)) => {
            let digest = digest.expose();
            let is_digest = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
            if is_digest {
                return Ok(());
            }
            let reason = format!("of \"{name}\" is not 64 hexadecimal digits");
            let hint = "use the output of `printf %s TOKEN | sha256sum`";
            Err(refused("auth.tokens.sha256", reason, hint))
        }
        (Some(_), None) => Ok(()),
        _ => {
            let reason = format!("entry \"{name}\" needs exactly one of value and sha256");
            Err(refused("auth.tokens", reason, "set one of them"))
        }
    }
}

fn open_to_the_network(key: &str, address: SocketAddr) -> ConfigError {
    refused(
        key,
        format!("is {address}, which others on the network can reach without authentication"),
        "set auth.mode = \"required\" with a token or user, or listen on 127.0.0.1",
    )
}

fn refused(key: &str, reason: impl Into<String>, hint: &str) -> ConfigError {
    ConfigError::Refused { key: key.to_owned(), reason: reason.into(), hint: hint.to_owned() }
}
