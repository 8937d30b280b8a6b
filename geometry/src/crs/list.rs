//! The reference systems that are known by code.

use proj_core::CrsDef;

use super::definition::Definition;
use super::{planes, proj_text, registry};

/// A reference system that is known by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSystem {
    /// The number `PostGIS` knows it by.
    pub srid: u32,
    /// The name of the authority.
    pub authority: &'static str,
    /// The name of the system.
    pub name: String,
    /// The definition as WKT, where it can be written.
    pub wkt: Option<String>,
    /// The definition as a PROJ string, where it can be written.
    pub proj: Option<String>,
}

/// The largest number that is known.
const LARGEST_CODE: u32 = 102_039;

/// Returns every reference system that is known by a number of EPSG or ESRI, by number.
pub fn known_systems() -> Vec<KnownSystem> {
    let mut systems = Vec::new();
    for srid in 1..=LARGEST_CODE {
        let Some(definition) = registry::lookup(srid) else { continue };
        let (name, wkt) = match &definition {
            Definition::Registered(CrsDef::Geocentric(_)) => continue,
            Definition::Registered(definition) => {
                (definition.name(), proj_wkt::to_wkt(definition).ok())
            }
            Definition::Plane(plane) => (plane.name(), None),
        };
        systems.push(KnownSystem {
            srid,
            authority: planes::authority_of(srid),
            name: name.to_owned(),
            wkt,
            proj: proj_text::write(&definition),
        });
    }
    systems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_systems_are_listed() {
        let systems = known_systems();
        for srid in [4326, 3857, 25832, 2056, 27700, 3035] {
            let system = systems.iter().find(|system| system.srid == srid);
            assert!(system.is_some_and(|system| system.wkt.is_some()), "{srid}");
        }
        let utm = systems.iter().find(|system| system.srid == 32633);
        let text = utm.and_then(|utm| utm.proj.as_deref()).unwrap_or_default();
        assert_eq!(text, "+proj=utm +zone=33 +datum=WGS84 +units=m +no_defs");
    }
}
