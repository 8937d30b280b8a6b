//! Who may connect: tokens, users, certificates, issuers and roles.

use std::collections::HashSet;

use super::refused;
use crate::settings::TOKEN_ALGORITHMS;
use crate::{Auth, AuthMode, ConfigError, Grant, Issuer, Role, Token};

pub(super) fn validate_auth(auth: &Auth) -> Result<(), ConfigError> {
    let is_empty = auth.tokens.is_empty()
        && auth.users.is_empty()
        && auth.certificates.is_empty()
        && auth.issuers.is_empty();
    if auth.mode == AuthMode::Required && is_empty {
        let hint = "add [[auth.tokens]], [[auth.users]], [[auth.certificates]] or [[auth.issuers]]";
        return Err(refused("auth.mode", "is \"required\" but nobody could log in", hint));
    }
    validate_roles(auth)?;
    for token in &auth.tokens {
        validate_token(token)?;
    }
    for issuer in &auth.issuers {
        validate_issuer(issuer)?;
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

/// Checks the roles, and that all others that are named are among them.
fn validate_roles(auth: &Auth) -> Result<(), ConfigError> {
    let mut known = HashSet::new();
    for role in &auth.roles {
        let name = &role.name;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if name.is_empty() || !name.chars().all(is_plain) {
            let reason = format!("\"{name}\" has other characters than letters, digits, _ and -");
            return Err(refused("auth.roles.name", reason, "choose another name"));
        }
        if !matches!(Role::from(name.clone()), Role::Named(_)) || !known.insert(name) {
            let reason = format!("\"{name}\" is that of another role");
            return Err(refused("auth.roles.name", reason, "choose another name"));
        }
        for grant in &role.grants {
            Grant::parse(grant).map_err(|reason| {
                let reason = format!("of \"{name}\": \"{grant}\" {reason}");
                refused("auth.roles.grants", reason, "write it as \"SELECT ON schema.table\"")
            })?;
        }
    }
    let tokens = auth.tokens.iter().map(|token| ("auth.tokens.role", &token.role));
    let users = auth.users.iter().map(|user| ("auth.users.role", &user.role));
    let rules = auth.certificates.iter().map(|rule| ("auth.certificates.role", &rule.role));
    let mapped = auth.issuers.iter().flat_map(|issuer| issuer.roles.values());
    let mapped = mapped.map(|role| ("auth.issuers.roles", role));
    let defaults = auth.issuers.iter().filter_map(|issuer| issuer.default_role.as_ref());
    let defaults = defaults.map(|role| ("auth.issuers.default_role", role));
    for (key, role) in tokens.chain(users).chain(rules).chain(mapped).chain(defaults) {
        if let Role::Named(name) = role
            && !known.contains(name)
        {
            // The name is not shown: it may be a secret in the wrong place.
            let hint = "use reader, writer, admin or the name of one of auth.roles";
            return Err(refused(key, "is no role that there is", hint));
        }
    }
    Ok(())
}

fn validate_issuer(issuer: &Issuer) -> Result<(), ConfigError> {
    let name = &issuer.issuer;
    let addresses = [("issuer", Some(name)), ("jwks_uri", issuer.jwks_uri.as_ref())];
    for (key, address) in addresses {
        if address.is_some_and(|address| !is_web_address(address)) {
            let key = format!("auth.issuers.{key}");
            return Err(refused(
                &key,
                format!("of \"{name}\" is no URL"),
                "begin it with https://",
            ));
        }
    }
    if issuer.audience.is_empty() {
        let reason = format!("of \"{name}\" is empty");
        let hint = "name what the issuer calls this server, often the client id";
        return Err(refused("auth.issuers.audience", reason, hint));
    }
    let is_unknown = |name: &&String| !TOKEN_ALGORITHMS.contains(&name.as_str());
    if let Some(algorithm) = issuer.algorithms.iter().find(is_unknown) {
        let reason = format!("of \"{name}\" names \"{algorithm}\"");
        let hint = format!("choose from {}", TOKEN_ALGORITHMS.join(", "));
        return Err(refused("auth.issuers.algorithms", reason, &hint));
    }
    if issuer.algorithms.is_empty() {
        let reason = format!("of \"{name}\" is empty");
        return Err(refused("auth.issuers.algorithms", reason, "leave it out, or name one"));
    }
    if issuer.roles.is_empty() && issuer.default_role.is_none() {
        let reason = format!("of \"{name}\" are empty, so its tokens give no role");
        return Err(refused("auth.issuers.roles", reason, "set them, or default_role"));
    }
    Ok(())
}

fn is_web_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
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
