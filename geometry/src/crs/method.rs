//! Planes that WKT or PROJJSON define by a projection which the registry's crate does not know.

use std::fmt::Write as _;

use proj_core::CrsDef;
use serde_json::Value;

use super::definition::Definition;
use super::parse;
use super::plane::Plane;
use super::wkt_tree::Node;

/// Names of projections, in lower case and without punctuation, and PROJ's names for them.
const METHODS: [(&str, &str); 20] = [
    ("cylindricalequalarea", "cea"),
    ("lambertcylindricalequalarea", "cea"),
    ("lambertcylindricalequalareaspherical", "cea"),
    ("behrmann", "cea +lat_ts=30"),
    ("equidistantconic", "eqdc"),
    ("geostationarysatellite", "geos"),
    ("geostationarysatellitesweepx", "geos +sweep=x"),
    ("geostationarysatellitesweepy", "geos +sweep=y"),
    ("gnomonic", "gnom"),
    ("krovak", "krovak +axis=swu"),
    ("millercylindrical", "mill"),
    ("mollweide", "moll"),
    ("newzealandmapgrid", "nzmg"),
    ("orthographic", "ortho"),
    ("robinson", "robin"),
    ("sinusoidal", "sinu"),
    ("stereographic", "stere"),
    ("transversemercatorsouthorientated", "tmerc +axis=wsu"),
    ("transversemercatorsouthoriented", "tmerc +axis=wsu"),
    ("verticalperspective", "nsper"),
];

/// Names of parameters, in lower case and without punctuation, and PROJ's names for them.
const PARAMETERS: [(&str, &str); 26] = [
    ("azimuth", "alpha"),
    ("centralmeridian", "lon_0"),
    ("colatitudeofconeaxis", "alpha"),
    ("eastingatfalseorigin", "x_0"),
    ("falseeasting", "x_0"),
    ("falsenorthing", "y_0"),
    ("height", "h"),
    ("latitudeof1ststandardparallel", "lat_1"),
    ("latitudeof2ndstandardparallel", "lat_2"),
    ("latitudeofcenter", "lat_0"),
    ("latitudeoffalseorigin", "lat_0"),
    ("latitudeofnaturalorigin", "lat_0"),
    ("latitudeoforigin", "lat_0"),
    ("latitudeofprojectioncentre", "lat_0"),
    ("longitudeofcenter", "lon_0"),
    ("longitudeoffalseorigin", "lon_0"),
    ("longitudeofnaturalorigin", "lon_0"),
    ("longitudeoforigin", "lon_0"),
    ("northingatfalseorigin", "y_0"),
    ("satelliteheight", "h"),
    ("scalefactor", "k"),
    ("scalefactoratnaturalorigin", "k"),
    ("scalefactoronpseudostandardparallel", "k"),
    ("standardparallel1", "lat_1"),
    ("standardparallel2", "lat_2"),
    ("viewpointheight", "h"),
];

/// A projection in the words of a definition.
struct Method<'a> {
    name: &'a str,
    /// Names and values in degrees, metres or one.
    parameters: Vec<(&'a str, Measure)>,
    /// Metres in the unit of the coordinates.
    unit: f64,
}

/// A value with the factor that makes it radians, metres or one, where it is given.
#[derive(Clone, Copy)]
struct Measure {
    value: f64,
    factor: Option<f64>,
}

impl Method<'_> {
    /// Returns the PROJ string of the projection, without words about the earth.
    fn to_proj_string(&self) -> Option<String> {
        let name = letters(self.name);
        let (_, projection) = METHODS.iter().find(|(known, _)| *known == name)?;
        let mut text = format!("+proj={projection}");
        for (parameter, measure) in &self.parameters {
            let parameter = letters(parameter);
            let (_, key) = PARAMETERS.iter().find(|(known, _)| *known == parameter)?;
            let key = if *key == "lat_1" && projection.starts_with("cea") { "lat_ts" } else { key };
            let value = match key {
                "x_0" | "y_0" | "h" => measure.value * measure.factor.unwrap_or(self.unit),
                "k" => measure.value,
                _ => measure.factor.map_or(measure.value, |factor| {
                    let degrees = (measure.value * factor).to_degrees();
                    // A degree is not exactly its own factor.
                    if (degrees - measure.value).abs() < 1e-9 { measure.value } else { degrees }
                }),
            };
            let _ = write!(text, " +{key}={value}");
        }
        if self.unit != 1.0 {
            let _ = write!(text, " +to_meter={}", self.unit);
        }
        Some(text)
    }
}

/// Returns the plane that WKT of either version defines.
pub(super) fn plane_of_wkt(text: &str) -> Option<Plane> {
    let node = Node::parse(text)?;
    let name = node.values.first()?;
    let conversion = node.child(&["CONVERSION"]).unwrap_or(&node);
    let method = conversion.child(&["PROJECTION", "METHOD"])?;
    let unit = |node: &Node<'_>, names: &[&str]| node.child(names).and_then(|unit| unit.number(1));
    let parameters = conversion.nodes.iter().filter(|node| node.is(&["PARAMETER"]));
    let method = Method {
        name: method.values.first()?,
        parameters: parameters
            .map(|node| {
                let units = ["ANGLEUNIT", "LENGTHUNIT", "SCALEUNIT", "UNIT"];
                let measure = Measure { value: node.number(1)?, factor: unit(node, &units) };
                Some((*node.values.first()?, measure))
            })
            .collect::<Option<_>>()?,
        unit: unit(&node, &["UNIT", "LENGTHUNIT"]).unwrap_or(1.0),
    };
    let base = if let Some(base) = node.child(&["GEOGCS"]) {
        base.text.to_owned()
    } else {
        let base = node.child(&["BASEGEOGCRS", "BASEGEODCRS"])?;
        let inside = base.text.trim_end_matches([']', ')']).split_once(['[', '('])?.1;
        let closing = base.text.len() - base.text.trim_end_matches([']', ')']).len() - 1;
        format!(
            "GEOGCRS[{inside}{},CS[ellipsoidal,2],AXIS[\"longitude\",east],AXIS[\"latitude\",north],\
             ANGLEUNIT[\"degree\",0.0174532925199433]]",
            "]".repeat(closing)
        )
    };
    Plane::new(name, longitude_and_latitude(&base)?, &method.to_proj_string()?).ok()
}

/// Returns the plane that PROJJSON defines.
pub(super) fn plane_of_projjson(text: &str) -> Option<Plane> {
    let json: Value = serde_json::from_str(text).ok()?;
    let conversion = json.get("conversion")?;
    let name = json.get("name").and_then(Value::as_str).unwrap_or("unnamed");
    let parameters = conversion.get("parameters")?.as_array()?;
    let factor = |unit: Option<&Value>| match unit {
        Some(Value::String(unit)) if unit == "degree" => Some(1f64.to_radians()),
        Some(Value::String(_)) => Some(1.0),
        Some(unit) => unit.get("conversion_factor").and_then(Value::as_f64),
        None => None,
    };
    let axis = json.get("coordinate_system").and_then(|system| system.get("axis")?.get(0));
    let method = Method {
        name: conversion.get("method")?.get("name")?.as_str()?,
        parameters: parameters
            .iter()
            .map(|parameter| {
                let value = parameter.get("value")?.as_f64()?;
                let measure = Measure { value, factor: factor(parameter.get("unit")) };
                Some((parameter.get("name")?.as_str()?, measure))
            })
            .collect::<Option<_>>()?,
        unit: factor(axis.and_then(|axis| axis.get("unit"))).unwrap_or(1.0),
    };
    let base = json.get("base_crs")?.to_string();
    Plane::new(name, longitude_and_latitude(&base)?, &method.to_proj_string()?).ok()
}

/// Returns the longitude and latitude that a text defines.
fn longitude_and_latitude(text: &str) -> Option<CrsDef> {
    match parse::definition(text).ok()?.in_xy_order() {
        Definition::Registered(base) if base.is_geographic() => Some(base),
        _ => None,
    }
}

/// Returns the letters and digits of a name, in lower case.
fn letters(name: &str) -> String {
    let kept = name.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Crs;

    const ROBINSON: &str = r#"PROJCS["World_Robinson",GEOGCS["GCS_WGS_1984",
        DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],
        PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Robinson"],
        PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],
        PARAMETER["Central_Meridian",10.0],UNIT["Meter",1.0]]"#;

    /// As PROJ 9.5 writes EPSG:6933, without its names.
    const EQUAL_AREA: &str = r#"PROJCRS["grid",BASEGEOGCRS["WGS 84",
        DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563,
        LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]]],
        CONVERSION["c",METHOD["Lambert Cylindrical Equal Area",ID["EPSG",9835]],
        PARAMETER["Latitude of 1st standard parallel",30,ANGLEUNIT["degree",0.0174532925199433]],
        PARAMETER["Longitude of natural origin",0,ANGLEUNIT["degree",0.0174532925199433]],
        PARAMETER["False easting",0,LENGTHUNIT["metre",1]],
        PARAMETER["False northing",0,LENGTHUNIT["metre",1]]],CS[Cartesian,2],
        AXIS["easting (X)",east,ORDER[1],LENGTHUNIT["metre",1]],
        AXIS["northing (Y)",north,ORDER[2],LENGTHUNIT["metre",1]]]"#;

    #[test]
    fn wkt_of_a_plane_is_its_proj_string() {
        let plane = plane_of_wkt(ROBINSON).unwrap();
        assert_eq!(plane.name(), "World_Robinson");
        let text = plane.to_proj_string();
        assert_eq!(text, "+proj=robin +x_0=0 +y_0=0 +lon_0=10 +datum=WGS84 +no_defs");
        assert_eq!(Crs::parse(ROBINSON).unwrap(), Crs::parse(&text).unwrap());
    }

    #[test]
    fn projections_are_known_in_every_notation() {
        let registered = Crs::from_epsg(6933);
        assert!(registered.definition().is_some());
        let json = serde_json::json!({
            "type": "ProjectedCRS",
            "name": "grid",
            "base_crs": Crs::wgs84().to_json(),
            "conversion": {
                "name": "c",
                "method": { "name": "Lambert Cylindrical Equal Area" },
                "parameters": [
                    { "name": "Latitude of 1st standard parallel", "value": 30, "unit": "degree" },
                    { "name": "Longitude of natural origin", "value": 0, "unit": "degree" },
                    { "name": "False easting", "value": 0, "unit": "metre" },
                    { "name": "False northing", "value": 0, "unit": "metre" },
                ],
            },
            "coordinate_system": {
                "subtype": "Cartesian",
                "axis": [{ "name": "E", "abbreviation": "E", "direction": "east", "unit": "metre" }],
            },
        });
        for crs in [Crs::parse(EQUAL_AREA).unwrap(), Crs::from_json(&json).unwrap().unwrap()] {
            assert_eq!(crs, registered);
        }
    }

    #[test]
    fn lengths_are_in_the_unit_of_the_plane() {
        let feet = ROBINSON
            .replace("[\"False_Easting\",0.0]", "[\"False_Easting\",100.0]")
            .replace("\"Meter\",1.0", "\"Foot\",0.3048");
        let text = plane_of_wkt(&feet).unwrap().to_proj_string();
        assert!(text.contains("+x_0=30.48 "), "{text}");
        assert!(text.contains("+to_meter=0.3048"), "{text}");
    }

    #[test]
    fn what_is_not_known_is_no_plane() {
        for text in [
            ROBINSON.replace("\"Robinson\"", "\"Loximuthal\""),
            ROBINSON.replace("Central_Meridian", "Twist"),
            ROBINSON.replace("GEOGCS", "GEOCCS"),
        ] {
            assert!(plane_of_wkt(&text).is_none(), "{text}");
        }
    }
}
