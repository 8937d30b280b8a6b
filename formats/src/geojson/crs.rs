//! The `crs` member of older GeoJSON.

use godwit_geometry::Crs;
use serde_json::Value;

use crate::FormatError;

/// Reads the `crs` member; `null` and links leave the reference system unknown.
pub(super) fn parse_crs(text: &[u8]) -> Result<Option<Crs>, FormatError> {
    let Ok(member) = serde_json::from_slice::<Value>(text) else { return Ok(None) };
    let properties = member.get("properties");
    let property = |name: &str| properties.and_then(|properties| properties.get(name));
    let name = match (property("name"), property("code")) {
        (Some(Value::String(name)), _) => name.clone(),
        (_, Some(Value::Number(code))) => format!("EPSG:{code}"),
        _ => return Ok(None),
    };
    Ok(Some(Crs::parse(&authority_code(&name))?))
}

/// Shortens `urn:ogc:def:crs:AUTHORITY:version:CODE` and the http form to `AUTHORITY:CODE`.
fn authority_code(name: &str) -> String {
    let parts: Vec<&str> = name.split(':').collect();
    if let ["urn", "ogc" | "x-ogc", "def", "crs", authority, .., code] = parts.as_slice() {
        return format!("{}:{code}", authority.to_ascii_uppercase());
    }
    let path = name.strip_prefix("http").and_then(|_rest| name.split_once("/def/crs/"));
    if let Some((_, path)) = path {
        let mut parts = path.split('/');
        if let (Some(authority), Some(code)) = (parts.next(), parts.next_back()) {
            return format!("{authority}:{code}");
        }
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened() {
        for (name, expected) in [
            ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"),
            ("urn:ogc:def:crs:EPSG::26912", "EPSG:26912"),
            ("http://www.opengis.net/def/crs/EPSG/0/3857", "EPSG:3857"),
            ("EPSG:4326", "EPSG:4326"),
        ] {
            assert_eq!(authority_code(name), expected);
        }
    }
}
