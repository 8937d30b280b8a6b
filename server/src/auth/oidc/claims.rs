//! What a token with a good signature says: for whom, how long, who and what.

use godwit_config::{Issuer as Settings, Role};
use serde_json::{Map, Value};

/// The claims of a token by name.
pub(super) type Claims = Map<String, Value>;

/// How far the clocks of an issuer and of this server may be apart, in seconds.
const LEEWAY: u64 = 60;

/// Checks the audience and the times, in seconds since 1970.
pub(super) fn check(claims: &Claims, audience: &[String], now: u64) -> Result<(), &'static str> {
    let is_ours = |name: &str| audience.iter().any(|known| known == name);
    let is_meant = match claims.get("aud") {
        Some(Value::String(name)) => is_ours(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(is_ours),
        _ => false,
    };
    if !is_meant {
        return Err("it is for another audience");
    }
    // A time that is no number is not taken for an absent one.
    let time = |name| match claims.get(name) {
        None => Ok(None),
        Some(value) => value.as_f64().map(Some).ok_or("its times are not numbers"),
    };
    let expires = time("exp")?.ok_or("it does not say when it expires")?;
    if now.saturating_sub(LEEWAY) as f64 >= expires {
        return Err("it has expired");
    }
    if time("nbf")?.is_some_and(|begins| begins > (now + LEEWAY) as f64) {
        return Err("it is not valid yet");
    }
    Ok(())
}

/// Returns the name of the bearer.
pub(super) fn name(claims: &Claims, settings: &Settings) -> Result<String, &'static str> {
    let name = find(claims, &settings.name_claim).and_then(Value::as_str);
    let name = name.filter(|name| !name.is_empty()).ok_or("it does not name its bearer")?;
    Ok(format!("{}{name}", settings.name_prefix))
}

/// Returns the roles here of those that the token gives, or that of everybody.
pub(super) fn granted(claims: &Claims, settings: &Settings) -> Vec<Role> {
    let names: Vec<&str> = match find(claims, &settings.role_claim) {
        // As in the claim "scope".
        Some(Value::String(names)) => names.split_whitespace().collect(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let known = names.iter().filter_map(|name| settings.roles.get(*name));
    let mut roles: Vec<Role> = known.cloned().collect();
    roles.sort();
    roles.dedup();
    if roles.is_empty() {
        roles.extend(settings.default_role.clone());
    }
    roles
}

/// Finds a claim by its name, or below others by a path with dots.
fn find<'a>(claims: &'a Claims, path: &str) -> Option<&'a Value> {
    if let Some(value) = claims.get(path) {
        return Some(value);
    }
    let (first, rest) = path.split_once('.')?;
    find(claims.get(first)?.as_object()?, rest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: &Value) -> Claims {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn tokens_are_for_us_and_for_now() {
        let audience = ["godwit".to_owned()];
        let check = |value| check(&claims(&value), &audience, 10_000);
        for good in [
            json!({ "aud": "godwit", "exp": 10_001 }),
            json!({ "aud": ["other", "godwit"], "exp": 9_941, "nbf": 10_060 }),
            json!({ "aud": "godwit", "exp": 10_000.5 }),
        ] {
            assert_eq!(check(good.clone()), Ok(()), "{good}");
        }
        for (bad, word) in [
            (json!({ "exp": 10_001 }), "audience"),
            (json!({ "aud": "other", "exp": 10_001 }), "audience"),
            (json!({ "aud": [["godwit"]], "exp": 10_001 }), "audience"),
            (json!({ "aud": "godwit" }), "when"),
            (json!({ "aud": "godwit", "exp": "10001" }), "numbers"),
            (json!({ "aud": "godwit", "exp": 9_940 }), "expired"),
            (json!({ "aud": "godwit", "exp": -1 }), "expired"),
            (json!({ "aud": "godwit", "exp": 20_000, "nbf": 10_061 }), "yet"),
            (json!({ "aud": "godwit", "exp": 20_000, "nbf": "0" }), "numbers"),
        ] {
            assert!(check(bad.clone()).unwrap_err().contains(word), "{bad}");
        }
    }

    #[test]
    fn roles_are_mapped_and_unknown_ones_give_nothing() {
        let role = |name: &str, role| (name.to_owned(), role);
        let settings = Settings {
            name_claim: "preferred_username".to_owned(),
            name_prefix: "corp:".to_owned(),
            role_claim: "realm_access.roles".to_owned(),
            roles: [role("gis", Role::Writer), role("boss", Role::Admin)].into(),
            ..Settings::default()
        };
        let of = |roles: Value| {
            granted(&claims(&json!({ "realm_access": { "roles": roles } })), &settings)
        };
        assert_eq!(of(json!(["gis", "other"])), [Role::Writer]);
        assert_eq!(of(json!("boss gis")), [Role::Writer, Role::Admin]);
        assert_eq!(of(json!(["admin", 1, null])), []);
        assert_eq!(granted(&claims(&json!({ "roles": ["gis"] })), &settings), []);
        let open = Settings { default_role: Some(Role::Reader), ..settings.clone() };
        assert_eq!(granted(&claims(&json!({})), &open), [Role::Reader]);
        let named = claims(&json!({ "preferred_username": "ada" }));
        assert_eq!(name(&named, &settings).unwrap(), "corp:ada");
        assert!(name(&claims(&json!({ "preferred_username": "" })), &settings).is_err());
    }
}
