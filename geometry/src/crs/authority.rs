//! The code that an authority gave to a reference system.

use std::fmt;

use super::planes;

/// Codes of other authorities, and retired ones, with the EPSG code that means the same.
const ALIASES: [(&str, &str, u32); 9] = [
    ("OGC", "CRS84", 4326),
    ("OGC", "CRS83", 4269),
    ("OGC", "CRS27", 4267),
    ("EPSG", "900913", 3857),
    ("EPSG", "3785", 3857),
    ("ESRI", "102100", 3857),
    ("ESRI", "102113", 3857),
    ("ESRI", "104199", 4326),
    ("OSGEO", "41001", 3857),
];

/// Authorities whose codes mean the same to everyone.
const PUBLIC: [&str; 8] = ["EPSG", "ESRI", "IGNF", "NKG", "NRCAN", "OGC", "OSGEO", "PROJ"];

/// An authority and its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authority {
    name: String,
    code: String,
}

impl Authority {
    /// Returns the code of an authority, both in the spelling for which they are known.
    pub(super) fn new(name: &str, code: &str) -> Self {
        let name = name.trim().to_ascii_uppercase();
        let code = code.trim().to_ascii_uppercase();
        match (name.as_str(), code.as_str()) {
            ("OGC" | "CRS", "84") => Self { name: "OGC".to_owned(), code: "CRS84".to_owned() },
            ("OGC" | "CRS", "83") => Self { name: "OGC".to_owned(), code: "CRS83".to_owned() },
            ("OGC" | "CRS", "27") => Self { name: "OGC".to_owned(), code: "CRS27".to_owned() },
            ("EPSG", number) => {
                let authority = number.parse().map_or("EPSG", planes::authority_of);
                Self { name: authority.to_owned(), code }
            }
            _ => Self { name, code },
        }
    }

    /// Returns the name of the authority.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the code.
    pub(super) fn code(&self) -> &str {
        &self.code
    }

    /// Returns whether the code means the same to everyone, and not only in the file it is from.
    pub(super) fn is_public(&self) -> bool {
        // Those of the International Astronomical Union carry their year.
        PUBLIC.contains(&self.name.as_str()) || self.name.starts_with("IAU")
    }

    /// Returns the code as PostGIS would number it.
    pub(super) fn srid(&self) -> Option<i32> {
        match self.name.as_str() {
            "EPSG" | "ESRI" => self.code.parse().ok(),
            _ => self.registry_code().and_then(|code| i32::try_from(code).ok()),
        }
    }

    /// Returns the number under which the definition is registered.
    pub(super) fn registry_code(&self) -> Option<u32> {
        let alias = ALIASES.iter().find(|(name, code, _)| *name == self.name && *code == self.code);
        match alias {
            Some((_, _, code)) => Some(*code),
            None if ["EPSG", "ESRI"].contains(&self.name.as_str()) => self.code.parse().ok(),
            None => None,
        }
    }

    /// Returns whether both codes mean the same system.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self.registry_code(), other.registry_code()) {
            (Some(left), Some(right)) => left == right,
            _ => self == other,
        }
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.name, self.code)
    }
}
