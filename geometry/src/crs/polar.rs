//! The axes of maps of a pole. Both go to the pole or away from it, along meridians a quarter of a
//! turn apart, and their definitions say so; the parser knows none but east and north.

use proj_core::ProjectionMethod;
use serde_json::{Value, json};

use super::wkt_tree::Node;

/// Says of the axes of PROJJSON along which meridians they go, if it is a map of a pole.
pub(super) fn point_axes(json: &mut Value, method: &ProjectionMethod) {
    let ProjectionMethod::PolarStereographic { lon0, lat_ts, .. } = *method else { return };
    let (direction, northing) =
        if lat_ts > 0.0 { ("south", lon0 + 180.0) } else { ("north", lon0) };
    let axes = json.pointer_mut("/coordinate_system/axis").and_then(Value::as_array_mut);
    for axis in axes.into_iter().flatten() {
        let longitude = if axis["name"] == "Easting" { lon0 + 90.0 } else { northing };
        let longitude = if longitude > 180.0 { longitude - 360.0 } else { longitude };
        axis["direction"] = Value::from(direction);
        axis["meridian"] = json!({ "longitude": longitude });
    }
}

/// Returns a definition of a map of a pole with axes to the east and north; nothing for others.
/// Which axis is which does not matter, as coordinates are in x, y order whatever it says.
pub(super) fn with_plain_axes(text: &str) -> Option<String> {
    if text.starts_with('{') {
        let mut json: Value = serde_json::from_str(text).ok()?;
        let method = json.pointer("/conversion/method/name")?.as_str()?;
        if !is_polar(method) {
            return None;
        }
        let axes = json.pointer_mut("/coordinate_system/axis")?.as_array_mut()?;
        for (axis, direction) in axes.iter_mut().zip(["east", "north"]) {
            let axis = axis.as_object_mut()?;
            axis.remove("meridian");
            axis.insert("direction".to_owned(), Value::from(direction));
        }
        return Some(json.to_string());
    }
    let node = Node::parse(text)?;
    let conversion = node.child(&["CONVERSION"]).unwrap_or(&node);
    let method = conversion.child(&["PROJECTION", "METHOD"])?;
    if !is_polar(method.values.first()?) {
        return None;
    }
    let axes = node.nodes.iter().filter(|node| node.is(&["AXIS"]));
    let plain = [r#"AXIS["Easting",east]"#, r#"AXIS["Northing",north]"#];
    Some(
        axes.zip(plain).fold(text.to_owned(), |text, (axis, plain)| text.replace(axis.text, plain)),
    )
}

fn is_polar(method: &str) -> bool {
    method.replace('_', " ").to_ascii_lowercase().starts_with("polar stereographic")
}

#[cfg(test)]
mod tests {
    use crate::Crs;
    use crate::transform::Transform;

    /// As GDAL writes `+proj=stere +lat_0=90 +lat_ts=70 +lon_0=-45 +datum=WGS84`.
    const GDAL: &str = r#"PROJCS["unknown",GEOGCS["unknown",DATUM["WGS_1984",
        SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],
        AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],
        UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]]],
        PROJECTION["Polar_Stereographic"],PARAMETER["latitude_of_origin",70],
        PARAMETER["central_meridian",-45],PARAMETER["false_easting",0],
        PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],
        AXIS["Easting",SOUTH],AXIS["Northing",SOUTH]]"#;

    #[test]
    fn axes_along_meridians_are_read() {
        let ice = Crs::from_epsg(3413);
        let mut json = ice.to_json();
        json.as_object_mut().unwrap().remove("id");
        let expected = Transform::between(&Crs::wgs84(), &ice).unwrap().convert(10.0, 80.0);
        for crs in [Crs::parse(GDAL).unwrap(), Crs::from_json(&json).unwrap().unwrap()] {
            let moved = Transform::between(&Crs::wgs84(), &crs).unwrap().convert(10.0, 80.0);
            let (moved, expected) = (moved.unwrap(), expected.clone().unwrap());
            assert!((moved[0] - expected[0]).abs() < 1e-3, "{moved:?} {expected:?}");
            assert!((moved[1] - expected[1]).abs() < 1e-3, "{moved:?} {expected:?}");
        }
    }
}
