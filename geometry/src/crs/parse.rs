//! Reads the texts that name or define a reference system.

use std::panic::catch_unwind;

use serde_json::Value;

use super::authority::Authority;
use super::definition::Definition;
use super::plane::Plane;
use super::wkt_tree::Node;
use super::{Crs, Source, method, polar};
use crate::GeometryError;

/// Returns the system that a text names or defines.
pub(super) fn parse(text: &str) -> Result<Crs, GeometryError> {
    let text = text.trim();
    if text.starts_with('{') {
        let json: Value =
            serde_json::from_str(text).map_err(|error| unknown(text, &error.to_string()))?;
        return from_object(json);
    }
    if let Some(authority) = named(text) {
        return checked(text, authority);
    }
    if text.contains('[') {
        return from_wkt(text);
    }
    if text.contains("+proj") || text.contains("+init") {
        let definition = definition(text).map_err(|reason| unknown(text, &reason))?;
        return Ok(Crs::new(registered(&definition), Source::Text(text.to_owned())));
    }
    Err(unknown(text, "it is neither a code like EPSG:4326 nor PROJJSON, WKT or a PROJ string"))
}

/// Returns the system in a JSON value.
pub(super) fn from_json(json: &Value) -> Result<Option<Crs>, GeometryError> {
    match json {
        Value::Null => Ok(None),
        Value::String(text) => parse(text).map(Some),
        Value::Number(code) => parse(&code.to_string()).map(Some),
        Value::Object(_) => from_object(json.clone()).map(Some),
        _ => Err(unknown(&json.to_string(), "it is neither a text nor PROJJSON")),
    }
}

/// Returns the system that a code and definitions describe, as in [`Crs::described`].
pub(super) fn described(organisation: &str, code: &str, definitions: &[&str]) -> Option<Crs> {
    let coded = parse(&format!("{organisation}:{code}")).ok();
    let coded = coded.filter(|crs| crs.0.authority.as_ref().is_some_and(Authority::is_public));
    if coded.as_ref().is_some_and(Crs::is_known_by_code) {
        return coded;
    }
    let mut defined = definitions.iter().filter_map(|text| parse(text).ok());
    let first = defined.next();
    let is_understood = |crs: &Crs| crs.definition().is_some();
    let understood = first.clone().into_iter().chain(defined).find(is_understood);
    match (coded, understood.or(first)) {
        // The code still says its name.
        (Some(coded), Some(defined)) => {
            Some(Crs::new(coded.0.authority.clone(), defined.0.source.clone()))
        }
        (coded, defined) => defined.or(coded),
    }
}

/// Returns what a text of any format defines.
pub(super) fn definition(text: &str) -> Result<Definition, String> {
    let plain = polar::with_plain_axes(text);
    let spelled = respelled(plain.as_deref().unwrap_or(text));
    let reason = match catch_unwind(|| proj_wkt::parse_crs(&spelled)) {
        Ok(Ok(definition)) => return Ok(Definition::Registered(definition)),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the definition cannot be read".to_owned(),
    };
    let plane = catch_unwind(|| {
        if text.starts_with('{') {
            method::plane_of_projjson(text)
        } else if text.contains('[') {
            method::plane_of_wkt(text)
        } else if text.contains("+proj=longlat") {
            None
        } else {
            Plane::from_proj_string(text).ok()
        }
    });
    plane.ok().flatten().map(|plane| Definition::Plane(Box::new(plane))).ok_or(reason)
}

/// Returns a definition in the words of the parser, which does not know all of EPSG's: without
/// this it refuses one projection and silently drops the origin of others.
fn respelled(text: &str) -> String {
    let text = text
        .replace("Lambert Conic Conformal", "Lambert Conformal Conic")
        .replace("\"Albers_Conic_Equal_Area\"", "\"Albers_Equal_Area\"")
        .replace("\"Albers\"", "\"Albers_Equal_Area\"");
    if text.contains("(2SP)") || text.contains("Albers") {
        return text
            .replace("Easting at false origin", "False easting")
            .replace("Northing at false origin", "False northing");
    }
    if text.contains("Polar Stereographic") {
        return text.replace("Longitude of origin", "Longitude of natural origin");
    }
    text
}

/// Returns the system that PROJJSON defines, also when its projection is not supported.
fn from_object(json: Value) -> Result<Crs, GeometryError> {
    let kind = json.get("type").and_then(Value::as_str).unwrap_or_default();
    if !kind.ends_with("CRS") {
        return Err(unknown(&json.to_string(), "PROJJSON needs a \"type\" that ends in CRS"));
    }
    let authority = json.get("id").and_then(|id| {
        let name = id.get("authority")?.as_str()?;
        let code = id.get("code")?;
        let code = code.as_str().map_or_else(|| code.to_string(), str::to_owned);
        identified(name, &code)
    });
    Ok(Crs::new(authority, Source::Json(json)))
}

/// Returns the system that WKT defines, also when its projection is not supported.
fn from_wkt(text: &str) -> Result<Crs, GeometryError> {
    let is_balanced = || text.matches('[').count() == text.matches(']').count();
    if Node::parse(text).is_none() && !is_balanced() {
        return Err(unknown(text, "the brackets of the WKT do not match"));
    }
    let keyword: String = text.chars().take_while(char::is_ascii_alphabetic).collect();
    let is_system = ["CS", "CRS"].iter().any(|end| keyword.to_ascii_uppercase().ends_with(end));
    if !is_system && !text.starts_with("COMPD_CS") {
        return Err(unknown(text, "the WKT does not define a reference system"));
    }
    let authority = authority_of_whole(text)
        .or_else(|| definition(text).ok().and_then(|definition| registered(&definition)));
    Ok(Crs::new(authority, Source::Text(text.to_owned())))
}

/// Returns the code of WKT as a whole, `AUTHORITY["EPSG","4326"]` or `ID["EPSG",4326]`, and not that
/// of a unit or a datum in it.
fn authority_of_whole(text: &str) -> Option<Authority> {
    let node = Node::parse(text)?;
    let id = node.child(&["AUTHORITY", "ID"])?;
    let (name, code) = (id.values.first()?, id.values.get(1)?);
    identified(name, code)
}

/// Returns the authority and its code where they are ones that [`parse`] would read back.
fn identified(name: &str, code: &str) -> Option<Authority> {
    let authority = Authority::new(name, code);
    let is_code = is_word(authority.name()) && is_word(authority.code());
    let is_number = authority.name() != "EPSG" || authority.registry_code().is_some();
    (is_code && is_number).then_some(authority)
}

/// Returns the code that a definition carries.
fn registered(definition: &Definition) -> Option<Authority> {
    let code = definition.epsg();
    (code != 0).then(|| Authority::new("EPSG", &code.to_string()))
}

/// Returns the authority and code that a text consists of, if it is of such a form.
fn named(text: &str) -> Option<Authority> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Authority::new("EPSG", text));
    }
    let upper = text.to_ascii_uppercase();
    match upper.as_str() {
        "CRS84" | "CRS83" | "CRS27" => return Some(Authority::new("OGC", &upper)),
        "WGS84" | "WGS 84" => return Some(Authority::new("EPSG", "4326")),
        _ => {}
    }
    if upper.starts_with("URN:OGC:DEF:CRS:") || upper.starts_with("URN:X-OGC:DEF:CRS:") {
        let name = upper.split(':').nth(4)?;
        let (_, code) = upper.rsplit_once(':')?;
        return Some(Authority::new(name, code));
    }
    if upper.starts_with("HTTP://") || upper.starts_with("HTTPS://") {
        if let Some((_, code)) = upper.rsplit_once("EPSG.XML#") {
            return Some(Authority::new("EPSG", code));
        }
        let (_, path) = upper.split_once("/DEF/CRS/")?;
        let (name, rest) = path.split_once('/')?;
        let code = rest.rsplit('/').next()?;
        return Some(Authority::new(name, code));
    }
    let (name, code) = text.split_once(':')?;
    // What Parquet calls a system by its number.
    if name.eq_ignore_ascii_case("srid") && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return (!code.is_empty()).then(|| Authority::new("EPSG", code));
    }
    (is_word(name) && is_word(code)).then(|| Authority::new(name, code))
}

fn is_word(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+.-".contains(&byte))
}

/// Returns the system with a code after checking that EPSG codes are numbers.
fn checked(text: &str, authority: Authority) -> Result<Crs, GeometryError> {
    if authority.name() != "EPSG" || authority.registry_code().is_some() {
        return Ok(Crs::from_authority(authority));
    }
    // Two codes joined by a plus: a horizontal and a vertical system.
    if authority.code().contains('+') {
        let code = authority.to_string();
        definition(&code).map_err(|reason| unknown(text, &reason))?;
        return Ok(Crs::new(Some(authority), Source::Text(code)));
    }
    Err(unknown(text, "the code of the authority EPSG must be a number"))
}

fn unknown(text: &str, reason: &str) -> GeometryError {
    let mut crs: String = text.chars().take(80).collect();
    if crs.len() < text.len() {
        crs.push_str("...");
    }
    GeometryError::UnknownCrs { crs, reason: reason.to_owned() }
}
