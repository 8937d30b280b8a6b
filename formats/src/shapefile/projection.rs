//! The reference system that a `.prj` file means.
//!
//! Most of these files were written by software that gives systems names of its own and no codes;
//! the common ones are known by name, others by what they mean, so that they agree with the same
//! system from elsewhere.

use godwit_geometry::Crs;

/// Systems by the name these files give them.
const NAMES: [(&str, i32); 14] = [
    ("GCS_WGS_1984", 4326),
    ("WGS_1984_Web_Mercator_Auxiliary_Sphere", 3857),
    ("GCS_ETRS_1989", 4258),
    ("ETRS_1989_LAEA", 3035),
    ("GCS_North_American_1983", 4269),
    ("GCS_NAD_1983_2011", 6318),
    ("GCS_GDA2020", 7844),
    ("GCS_JGD_2011", 6668),
    ("GCS_China_Geodetic_Coordinate_System_2000", 4490),
    ("WGS_1984_Web_Mercator", 3857),
    ("British_National_Grid", 27700),
    ("RGF_1993_Lambert_93", 2154),
    ("Estonia_1997_Estonia_National_Grid", 3301),
    ("NAD_1983_Contiguous_USA_Albers", 5070),
];

/// Returns the system of a text, if it is understood.
pub(super) fn system(text: &str) -> Option<Crs> {
    let name = text.trim().split('"').nth(1).unwrap_or_default();
    let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    match known.map(|(_, code)| *code).or_else(|| utm(name)) {
        Some(code) => Some(Crs::from_epsg(code)),
        None => match Crs::parse(text).ok()? {
            crs if crs.authority().is_none() => Some(Crs::recognised(text).unwrap_or(crs)),
            crs => Some(crs),
        },
    }
}

/// Returns the code of a zone, as `WGS_1984_UTM_Zone_33N`.
fn utm(name: &str) -> Option<i32> {
    let (datum, zone) = name.split_once("_UTM_Zone_")?;
    let (zone, is_south) = match zone.strip_suffix('N') {
        Some(zone) => (zone, false),
        None => (zone.strip_suffix('S')?, true),
    };
    let zone = zone.parse::<i32>().ok().filter(|zone| (1..=60).contains(zone))?;
    match (datum, is_south) {
        ("WGS_1984", false) => Some(32_600 + zone),
        ("WGS_1984", true) => Some(32_700 + zone),
        ("ETRS_1989", false) if (28..=38).contains(&zone) => Some(25_800 + zone),
        ("NAD_1983", false) if zone <= 23 => Some(26_900 + zone),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_systems_are_known_by_name() {
        for (name, code) in [
            ("GEOGCS[\"GCS_WGS_1984\",DATUM[]]", Some(4326)),
            ("PROJCS[\"WGS_1984_UTM_Zone_33S\",GEOGCS[]]", Some(32733)),
            ("PROJCS[\"ETRS_1989_UTM_Zone_32N\",GEOGCS[]]", Some(25832)),
            ("PROJCS[\"WGS_1984_UTM_Zone_61N\",GEOGCS[]]", None),
            ("", None),
        ] {
            assert_eq!(system(name).and_then(|crs| crs.srid()), code, "{name}");
        }
    }
}
