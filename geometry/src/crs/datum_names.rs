//! The names of datums, by which other software knows them: codes alone do not tell it that two
//! systems are the same.

use serde_json::Value;

/// Codes and names, one a line.
const NAMES: &str = include_str!("datums.txt");

/// Gives the datum of a system of longitude and latitude in PROJJSON its name, where that is known
/// from its code.
pub(super) fn write(system: &mut Value) {
    let Some(code) = system.pointer("/datum/id/code").and_then(Value::as_u64) else { return };
    let code = code.to_string();
    let mut names = NAMES.lines().filter_map(|line| line.split_once(' '));
    let named = names.find(|(known, _)| *known == code).map(|(_, name)| name.to_owned());
    // Many are called as the system is.
    let system_name = system.get("name").and_then(Value::as_str);
    let Some(name) = named.or_else(|| system_name.map(str::to_owned)) else { return };
    system["datum"]["name"] = Value::from(name);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Crs;

    #[test]
    fn datums_have_their_names() {
        for (code, place, name) in [
            (4326, "/datum/name", "World Geodetic System 1984"),
            (4674, "/datum/name", "Sistema de Referencia Geocentrico para las AmericaS 2000"),
            (3301, "/base_crs/datum/name", "Estonia 1997"),
            (2056, "/base_crs/datum/name", "CH1903+"),
            (21781, "/base_crs/datum/name", "CH1903"),
            (31370, "/base_crs/datum/name", "Reseau National Belge 1972"),
        ] {
            let json = Crs::from_epsg(code).to_json();
            assert_eq!(json.pointer(place).and_then(Value::as_str), Some(name), "{code}");
        }
    }

    #[test]
    fn maps_of_the_poles_and_angles_are_exact() {
        let json = Crs::from_epsg(3413).to_json();
        let axes = json.pointer("/coordinate_system/axis").unwrap();
        assert_eq!(axes[0]["direction"], "south");
        assert_eq!(
            [&axes[0], &axes[1]].map(|axis| axis["meridian"]["longitude"].as_f64()),
            [Some(45.0), Some(135.0)]
        );
        let json = Crs::from_epsg(31370).to_json();
        let longitude = &json["conversion"]["parameters"][1]["value"];
        assert_eq!(longitude.as_f64(), Some(4.367_486_666_666_666));
    }
}
