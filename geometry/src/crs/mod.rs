//! Coordinate reference systems: what a code, PROJJSON, WKT or PROJ string stands for.

mod authority;
mod definition;
mod list;
pub(crate) mod meridian;
mod method;
mod parse;
mod plane;
mod planes;
mod proj_text;
mod projjson;
mod registry;
mod wkt_tree;

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::GeometryError;
use authority::Authority;
pub(crate) use definition::Definition;
pub(crate) use plane::Plane;

pub use list::{KnownSystem, known_systems};

/// A coordinate reference system; cloning is cheap.
///
/// Coordinates are always in x, y order (longitude before latitude), whatever order the authority
/// of the system prescribes. Two systems are equal when they mean the same: by code when both
/// have one, by definition otherwise.
#[derive(Clone)]
pub struct Crs(Arc<Inner>);

struct Inner {
    authority: Option<Authority>,
    source: Source,
    definition: OnceLock<Option<Definition>>,
}

/// How the system was given.
enum Source {
    /// By nothing but the code of an authority.
    Code,
    /// As PROJJSON.
    Json(Value),
    /// As WKT or a PROJ string.
    Text(String),
}

impl Crs {
    /// Returns the system with an EPSG code, which need not be known.
    pub fn from_epsg(code: i32) -> Self {
        Self::from_authority(Authority::new("EPSG", &code.to_string()))
    }

    /// Returns longitude and latitude on WGS 84: `OGC:CRS84`.
    pub fn wgs84() -> Self {
        static WGS84: OnceLock<Crs> = OnceLock::new();
        WGS84.get_or_init(|| Self::from_authority(Authority::new("OGC", "CRS84"))).clone()
    }

    /// Returns the system that a text names or defines.
    ///
    /// Understood are codes (`EPSG:3857`, `OGC:CRS84`, `3857`), OGC URNs and URIs, PROJJSON, WKT
    /// in both versions and PROJ strings.
    pub fn parse(text: &str) -> Result<Self, GeometryError> {
        parse::parse(text)
    }

    /// Returns the system that a JSON value holds: PROJJSON, a text as for [`parse`](Self::parse),
    /// or nothing for `null`.
    pub fn from_json(json: &Value) -> Result<Option<Self>, GeometryError> {
        parse::from_json(json)
    }

    /// Returns the EPSG code, if the system has one; that of `OGC:CRS84` is 4326.
    pub fn srid(&self) -> Option<i32> {
        self.0.authority.as_ref()?.srid()
    }

    /// Returns the authority and its code for the system: `("EPSG", "3857")`.
    pub fn authority(&self) -> Option<(String, String)> {
        let authority = self.0.authority.as_ref()?;
        Some((authority.name().to_owned(), authority.code().to_owned()))
    }

    /// Returns a short name for messages: the code when there is one.
    pub fn name(&self) -> String {
        if let Some(authority) = &self.0.authority {
            return authority.to_string();
        }
        match &self.0.source {
            Source::Json(json) => json.get("name").and_then(Value::as_str).map(str::to_owned),
            Source::Text(text) => text.split('"').nth(1).map(str::to_owned),
            Source::Code => None,
        }
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "unnamed".to_owned())
    }

    /// Returns PROJJSON when it can be written, else the code as a string.
    pub fn to_json(&self) -> Value {
        if let Source::Json(json) = &self.0.source {
            return json.clone();
        }
        if let Some(Definition::Registered(definition)) = self.definition()
            && let Some(json) = projjson::write(definition, self.0.authority.as_ref())
        {
            return json;
        }
        match (&self.0.authority, &self.0.source) {
            (Some(authority), _) => Value::from(authority.to_string()),
            (None, Source::Text(text)) => Value::from(text.clone()),
            (None, _) => Value::Null,
        }
    }

    /// Returns whether coordinates are longitude and latitude in degrees.
    pub fn is_geographic(&self) -> bool {
        if let Some(definition) = self.definition() {
            return definition.is_geographic();
        }
        match &self.0.source {
            Source::Code => false,
            Source::Json(json) => json.get("type").and_then(Value::as_str) == Some("GeographicCRS"),
            Source::Text(text) => {
                let start = text.trim_start().to_ascii_uppercase();
                start.starts_with("GEOGCS") || start.starts_with("GEOG")
            }
        }
    }

    /// Returns what the system means, or nothing when that is not known; x, y order.
    pub(crate) fn definition(&self) -> Option<&Definition> {
        self.0.definition.get_or_init(|| self.find_definition()).as_ref()
    }

    /// Returns a text that is the same for the same system given in the same way.
    pub(crate) fn cache_key(&self) -> String {
        match (&self.0.authority, &self.0.source) {
            (Some(authority), _) => authority.to_string(),
            (None, Source::Json(json)) => json.to_string(),
            (None, Source::Text(text)) => text.clone(),
            (None, Source::Code) => String::new(),
        }
    }

    /// Returns the EPSG code under which the definition is registered.
    pub(crate) fn registry_code(&self) -> Option<u32> {
        self.0.authority.as_ref()?.registry_code()
    }

    fn find_definition(&self) -> Option<Definition> {
        if let Some(definition) = self.registry_code().and_then(registry::lookup) {
            return Some(definition);
        }
        let definition = match &self.0.source {
            Source::Code => None,
            Source::Json(json) => parse::definition(&json.to_string()).ok(),
            Source::Text(text) => parse::definition(text).ok(),
        };
        definition.map(Definition::in_xy_order)
    }

    fn from_authority(authority: Authority) -> Self {
        Self::new(Some(authority), Source::Code)
    }

    fn new(authority: Option<Authority>, source: Source) -> Self {
        Self(Arc::new(Inner { authority, source, definition: OnceLock::new() }))
    }
}

impl PartialEq for Crs {
    fn eq(&self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.0, &other.0) {
            return true;
        }
        if let (Some(left), Some(right)) = (&self.0.authority, &other.0.authority) {
            return left.is_same(right);
        }
        if let (Some(left), Some(right)) = (self.definition(), other.definition()) {
            return left.is_same(right);
        }
        match (&self.0.source, &other.0.source) {
            (Source::Json(left), Source::Json(right)) => left == right,
            (Source::Text(left), Source::Text(right)) => left == right,
            _ => false,
        }
    }
}

impl fmt::Debug for Crs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Crs").field(&self.name()).finish()
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name())
    }
}

/// Returns the reference system that two geometries have in common.
///
/// An unknown system goes with every other; two known and different ones are refused.
pub fn common_crs(a: Option<&Crs>, b: Option<&Crs>) -> Result<Option<Crs>, GeometryError> {
    match (a, b) {
        (Some(left), Some(right)) if left != right => {
            Err(GeometryError::CrsMismatch { left: left.name(), right: right.name() })
        }
        _ => Ok(a.or(b).cloned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Crs {
        Crs::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn every_spelling_of_wgs84_is_the_same() {
        for text in [
            "EPSG:4326",
            "epsg:4326",
            "4326",
            "OGC:CRS84",
            "CRS84",
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "urn:ogc:def:crs:EPSG::4326",
            "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            "https://www.opengis.net/def/crs/EPSG/0/4326",
            "+proj=longlat +datum=WGS84 +no_defs",
            r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],
               PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]"#,
            r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],
               PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#,
        ] {
            let crs = parse(text);
            assert_eq!(crs, Crs::wgs84(), "{text}");
            assert!(crs.is_geographic(), "{text}");
        }
        assert_ne!(Crs::from_epsg(3857), Crs::wgs84());
        assert_eq!(Crs::wgs84().srid(), Some(4326));
    }

    #[test]
    fn projjson_is_written_and_read_back() {
        for code in
            [4326, 3857, 25832, 2154, 2056, 28992, 3035, 5070, 3413, 3031, 32761, 5514, 2263, 3577]
        {
            let crs = Crs::from_epsg(code);
            let json = crs.to_json();
            assert!(json.is_object(), "{code} is written as {json}");
            let back = Crs::from_json(&json).unwrap().unwrap();
            assert_eq!(back, crs);
            assert_eq!(back.srid(), Some(code));

            if code == 5514 {
                continue;
            }
            let mut anonymous = json;
            anonymous.as_object_mut().unwrap().remove("id");
            let back = Crs::from_json(&anonymous).unwrap().unwrap();
            assert_eq!(back, crs, "{code} by definition");
        }
        assert_eq!(Crs::wgs84().to_json()["id"]["code"], "CRS84");
    }

    #[test]
    fn unknown_codes_stay_codes() {
        let crs = parse("EPSG:999999");
        assert_eq!(crs.name(), "EPSG:999999");
        assert_eq!(crs.to_json(), "EPSG:999999");
        assert_eq!(parse("IGNF:LAMB93").name(), "IGNF:LAMB93");
        for text in ["", "nonsense", "{", "EPSG:abc", "+proj=nonsense", "GEOGCS[", "12ab"] {
            assert!(Crs::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn known_systems_must_agree() {
        let (a, b) = (Crs::from_epsg(4326), Crs::from_epsg(3857));
        assert_eq!(common_crs(None, Some(&b)), Ok(Some(b.clone())));
        assert_eq!(common_crs(Some(&a), Some(&Crs::wgs84())), Ok(Some(a.clone())));
        assert_eq!(
            common_crs(Some(&a), Some(&b)),
            Err(GeometryError::CrsMismatch {
                left: "EPSG:4326".to_owned(),
                right: "EPSG:3857".to_owned()
            })
        );
    }
}
