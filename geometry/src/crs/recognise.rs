//! The code of a reference system that WKT describes without one, as software of ESRI writes it.
//!
//! Such a text names a datum in words that are known. A plane is found by its projection and its
//! parameters, whatever it is called.

use proj_core::CrsDef;

use super::definition::Definition;
use super::wkt_tree::Node;
use super::{parse, projjson, registry};

/// The codes that planes have.
const PLANES: std::ops::RangeInclusive<u32> = 2000..=32_799;
/// The codes of longitude and latitude alone, where a datum has several.
const DEGREES: std::ops::RangeInclusive<u32> = 4001..=4904;
/// A degree in radians.
const DEGREE: f64 = std::f64::consts::PI / 180.0;

/// Returns the EPSG code of the system that WKT means, if there is one.
pub(super) fn recognise(text: &str) -> Option<u32> {
    let root = Node::parse(text)?;
    let is_plane = root.is(&["PROJCS"]);
    let geographic = if is_plane { root.child(&["GEOGCS"])? } else { &root };
    let datum = datum(geographic)?;
    if is_plane { plane(text, datum) } else { degrees(datum) }
}

/// Returns the code of the datum of longitude and latitude in degrees from Greenwich.
fn datum(geographic: &Node<'_>) -> Option<u32> {
    let is_usual = geographic.is(&["GEOGCS"])
        && geographic.child(&["PRIMEM"]).and_then(|node| node.number(1)) == Some(0.0)
        && geographic
            .child(&["UNIT"])
            .and_then(|node| node.number(1))
            .is_some_and(|unit| (unit - DEGREE).abs() < 1e-12);
    let name = geographic.child(&["DATUM"])?.values.first().filter(|_| is_usual)?;
    let known = proj_core::lookup_datum_code_for_name;
    known(name).or_else(|| known(name.strip_prefix("D_")?))
}

/// Returns the code of longitude and latitude on a datum, if that is certain.
fn degrees(datum: u32) -> Option<u32> {
    let mut codes = PLANES.filter(|code| {
        proj_core::lookup_datum_code_for_crs(*code) == Some(datum)
            && matches!(registry::registered(*code), Some(CrsDef::Geographic(_)))
    });
    let first = codes.next()?;
    if DEGREES.contains(&first) || codes.next().is_none() { Some(first) } else { None }
}

/// Returns the code of the plane that a text means.
fn plane(text: &str, datum: u32) -> Option<u32> {
    // A cone is the same whichever of its parallels comes first.
    let texts = [text.to_owned(), with_swapped_parallels(text)];
    let wanted: Vec<CrsDef> = texts.iter().filter_map(|text| projected(text)).collect();
    let is_meant = |code: &u32| {
        proj_core::lookup_datum_code_for_crs(*code) == Some(datum)
            && registry::registered(*code).is_some_and(|known| {
                // Twins of planes whose axes are the other way round have codes of their own.
                !known.name().ends_with("(E-N)")
                    && wanted.iter().any(|wanted| projjson::is_same(wanted, &known))
            })
    };
    PLANES.into_iter().find(is_meant)
}

/// Returns the plane that a text defines.
fn projected(text: &str) -> Option<CrsDef> {
    match parse::definition(text).ok()? {
        Definition::Registered(plane @ CrsDef::Projected(_)) => Some(plane),
        _ => None,
    }
}

fn with_swapped_parallels(text: &str) -> String {
    // Their names are written in large or small letters.
    let aside = text.replace("arallel_1", "arallel_0");
    aside.replace("arallel_2", "arallel_1").replace("arallel_0", "arallel_2")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAD83: &str = r#"GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

    #[test]
    fn longitude_and_latitude_are_found_by_their_datum() {
        for (name, spheroid, code) in [
            ("D_North_American_1983", r#""GRS_1980",6378137.0,298.257222101"#, Some(4269)),
            ("D_North_American_1927", r#""Clarke_1866",6378206.4,294.9786982"#, Some(4267)),
            ("D_ETRS_1989", r#""GRS_1980",6378137.0,298.257222101"#, Some(4258)),
            ("D_WGS_1984", r#""WGS_1984",6378137.0,298.257223563"#, Some(4326)),
            ("D_unknown", r#""GRS80",6378137,298.257222101"#, None),
        ] {
            let text = format!(
                r#"GEOGCS["G",DATUM["{name}",SPHEROID[{spheroid}]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]]"#
            );
            assert_eq!(recognise(&text), code, "{name}");
        }
        assert_eq!(recognise(&NAD83.replace("0.0]", "2.3]")), None);
        assert_eq!(recognise("GEOGCS["), None);
    }

    #[test]
    fn planes_are_found_by_their_parameters() {
        let of = |plane: &str| recognise(&plane.replace("NAD83", NAD83));
        let long_island = r#"PROJCS["NAD_1983_StatePlane_New_York_Long_Island_FIPS_3104_Feet",NAD83,PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",984250.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",-74.0],PARAMETER["Standard_Parallel_1",40.66666666666666],PARAMETER["Standard_Parallel_2",41.03333333333333],PARAMETER["Latitude_Of_Origin",40.16666666666666],UNIT["Foot_US",0.3048006096012192]]"#;
        assert_eq!(of(long_island), Some(2263));
        let utm = r#"PROJCS["NAD_1983_UTM_Zone_17N",NAD83,PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",-81.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
        assert_eq!(of(utm), Some(26917));
        let albers = r#"PROJCS["x",NAD83,PROJECTION["Albers"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",-96.0],PARAMETER["Standard_Parallel_1",29.5],PARAMETER["Standard_Parallel_2",45.5],PARAMETER["Latitude_Of_Origin",23.0],UNIT["Meter",1.0]]"#;
        assert_eq!(of(albers), Some(5070));
        // Another origin is another plane.
        assert_eq!(of(&albers.replace("23.0", "37.5")), None);
        assert_eq!(of(&utm.replace("-81.0", "-80.0")), None);
    }
}
