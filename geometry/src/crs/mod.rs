//! Coordinate reference systems: what a code, PROJJSON, WKT or PROJ string stands for.

mod authority;
mod datum_names;
mod definition;
mod list;
pub(crate) mod meridian;
mod method;
mod parse;
mod plane;
mod planes;
mod polar;
mod proj_text;
mod projjson;
mod recognise;
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
/// have one that everyone knows, by definition otherwise.
#[derive(Clone)]
pub struct Crs(Arc<Inner>);

struct Inner {
    authority: Option<Authority>,
    source: Source,
    definition: OnceLock<Option<Definition>>,
}

/// How the system was given.
#[derive(Clone)]
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

    /// Returns the system with an EPSG code that WKT describes without naming it, if there is one.
    pub fn recognised(text: &str) -> Option<Self> {
        recognise::recognise(text).and_then(|code| i32::try_from(code).ok()).map(Self::from_epsg)
    }

    /// Returns the system that a JSON value holds: PROJJSON, a text as for [`parse`](Self::parse),
    /// or nothing for `null`.
    pub fn from_json(json: &Value) -> Result<Option<Self>, GeometryError> {
        parse::from_json(json)
    }

    /// Returns the system that a file describes by a code and by definitions, the best one first.
    ///
    /// A definition says what a code means that is not known here, or that is one of the file
    /// alone, such as `NONE:100000`.
    pub fn described(organisation: &str, code: &str, definitions: &[&str]) -> Option<Self> {
        parse::described(organisation, code, definitions)
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

    /// Returns whether the code alone says what the system is.
    pub fn is_known_by_code(&self) -> bool {
        self.registry_code().and_then(registry::lookup).is_some()
    }

    /// Returns PROJJSON when it can be written, else the code or the definition as a string.
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
            (Some(_), Source::Text(text))
                if self.definition().is_some() && !self.is_known_by_code() =>
            {
                Value::from(text.clone())
            }
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

    /// Returns whether EPSG puts the latitude or the northing of its code first, as names that stand
    /// for its definition do; geometries have them last in any case.
    pub(crate) fn is_north_first(&self) -> bool {
        let known = self.registry_code().and_then(registry::is_north_first);
        known.unwrap_or_else(|| self.is_geographic())
    }

    /// Returns what the system means, or nothing when that is not known; x, y order.
    pub(crate) fn definition(&self) -> Option<&Definition> {
        self.0.definition.get_or_init(|| self.find_definition()).as_ref()
    }

    /// Returns a text that is the same for the same system given in the same way.
    pub(crate) fn cache_key(&self) -> String {
        let code = self.0.authority.as_ref().map(Authority::to_string).unwrap_or_default();
        match &self.0.source {
            Source::Json(json) if !self.is_by_code() => format!("{code} {json}"),
            Source::Text(text) if !self.is_by_code() => format!("{code} {text}"),
            _ => code,
        }
    }

    /// Returns the EPSG code under which the definition is registered.
    pub(crate) fn registry_code(&self) -> Option<u32> {
        self.0.authority.as_ref()?.registry_code()
    }

    /// Returns whether the code says which system it is, so that the definition need not.
    fn is_by_code(&self) -> bool {
        let is_public = self.0.authority.as_ref().is_some_and(Authority::is_public);
        is_public || matches!(self.0.source, Source::Code)
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
        if let (Some(left), Some(right)) = (&self.0.authority, &other.0.authority)
            && (!left.is_same(right) || self.is_by_code() || other.is_by_code())
        {
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
            "srid:4326",
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

    /// A plane of its own around a position, with codes for its units and its earth.
    fn own_plane(latitude: f64, ending: &str) -> String {
        format!(
            r#"PROJCS["unknown",GEOGCS["unknown",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,
            298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0],
            UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]]],
            PROJECTION["Lambert_Azimuthal_Equal_Area"],PARAMETER["latitude_of_center",{latitude}],
            PARAMETER["longitude_of_center",10],PARAMETER["false_easting",0],
            PARAMETER["false_northing",0],{ending}"#
        )
    }

    #[test]
    fn a_code_of_a_unit_is_none_of_the_system() {
        for ending in [
            r#"UNIT["metre",1,AUTHORITY["EPSG","9001"]]]"#,
            r#"UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","]"]]"#,
            r#"UNIT["metre",1],EXTENSION["n","a ""] b"],AUTHORITY["EPSG",""]]"#,
        ] {
            let [north, south] = [52.0, -52.0].map(|latitude| parse(&own_plane(latitude, ending)));
            assert_eq!((north.authority(), north.name()), (None, "unknown".to_owned()), "{ending}");
            assert_ne!(north, south, "{ending}");
            assert_ne!(north.cache_key(), south.cache_key(), "{ending}");
            assert_eq!(Crs::from_json(&north.to_json()).unwrap(), Some(north));
        }
        let coded = r#"UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","3035"]]"#;
        assert_eq!(parse(&own_plane(52.0, coded)).srid(), Some(3035));
        let wkt2 = r#"ENGCRS["a [b",EDATUM["x"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],
            LENGTHUNIT["metre",1,ID["EPSG",9001]]]"#;
        assert_eq!(parse(wkt2).authority(), None);
        let coded = wkt2.replace("9001]]]", "9001]],ID[\"EPSG\",5800]]");
        assert_eq!(parse(&coded).srid(), Some(5800));
    }

    #[test]
    fn codes_of_one_file_alone_do_not_say_what_a_system_is() {
        let ending = r#"UNIT["metre",1],AUTHORITY["CUSTOM","1"]]"#;
        let [north, south] = [52.0, -52.0].map(|latitude| parse(&own_plane(latitude, ending)));
        assert_eq!(north.name(), "CUSTOM:1");
        assert_ne!(north, south);
        assert_ne!(north.cache_key(), south.cache_key());
        assert_eq!(north, parse(&own_plane(52.0, ending)));
    }

    #[test]
    fn files_describe_systems_by_code_and_definition() {
        let plane = own_plane(52.0, "UNIT[\"metre\",1]]");
        let described = |organisation, code, definitions: &[&str]| {
            Crs::described(organisation, code, definitions).map(|crs| crs.name())
        };
        assert_eq!(described("NONE", "100000", &["undefined", &plane]), Some("unknown".to_owned()));
        assert_eq!(described("NONE", "100000", &["undefined"]), None);
        assert_eq!(described("EPSG", "3035", &[&plane]), Some("EPSG:3035".to_owned()));
        assert_eq!(described("ignf", "x", &[]), Some("IGNF:X".to_owned()));
        let crs = Crs::described("EPSG", "999999", &[&plane]).unwrap();
        assert_eq!(crs.name(), "EPSG:999999");
        assert_eq!(crs.definition().is_some(), parse(&plane).definition().is_some());
        let robinson = parse("+proj=robin +lon_0=10 +datum=WGS84");
        assert_eq!(
            Crs::described("my own", "7", &["+proj=robin +lon_0=10 +datum=WGS84"]),
            Some(robinson)
        );
    }

    #[test]
    fn albers_has_many_names() {
        let plane = |method: &str, origin: [&str; 2]| {
            parse(&format!(
                r#"PROJCS["a",GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",
                SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],
                UNIT["Degree",0.0174532925199433]],PROJECTION["{method}"],
                PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],
                PARAMETER["{}",-96.0],PARAMETER["Standard_Parallel_1",29.5],
                PARAMETER["Standard_Parallel_2",45.5],PARAMETER["{}",23.0],UNIT["Meter",1.0]]"#,
                origin[0], origin[1]
            ))
        };
        for (method, origin) in [
            ("Albers", ["Central_Meridian", "Latitude_Of_Origin"]),
            ("Albers_Conic_Equal_Area", ["longitude_of_center", "latitude_of_center"]),
        ] {
            assert_eq!(plane(method, origin), Crs::from_epsg(5070), "{method}");
        }
        // As GDAL wrote it for years, on a datum without a name.
        let nameless = r#"PROJCS["unnamed",GEOGCS["GRS 1980(IUGG, 1980)",DATUM["unknown",
            SPHEROID["GRS80",6378137,298.257222101]],PRIMEM["Greenwich",0],
            UNIT["degree",0.0174532925199433]],PROJECTION["Albers_Conic_Equal_Area"],
            PARAMETER["standard_parallel_1",43],PARAMETER["standard_parallel_2",48],
            PARAMETER["latitude_of_center",34],PARAMETER["longitude_of_center",-120],
            PARAMETER["false_easting",600000],PARAMETER["false_northing",0],
            UNIT["metre",1,AUTHORITY["EPSG","9001"]]]"#;
        let crs = parse(nameless);
        assert_eq!((crs.name(), crs.authority()), ("unnamed".to_owned(), None));
        assert!(crs.definition().is_some());
        assert_eq!(Crs::from_json(&crs.to_json()).unwrap(), Some(crs));
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
