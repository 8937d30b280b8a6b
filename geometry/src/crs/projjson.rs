//! Writes a reference system as PROJJSON.
//!
//! Methods and parameters carry their EPSG names and codes, without which other software reads
//! another projection or none.

use proj_core::{AxisOrder, CrsDef, ProjectedCrsDef, ProjectionMethod};
use serde_json::{Value, json};

use super::authority::Authority;
use super::{datum_names, polar, registry};

/// What the value of a parameter is measured in.
#[derive(Clone, Copy)]
enum Measure {
    Degree,
    Metre,
    Unity,
}

/// EPSG code, name and measure of the parameters of projections.
const PARAMETERS: [(u32, &str, Measure); 23] = [
    (8801, "Latitude of natural origin", Measure::Degree),
    (8802, "Longitude of natural origin", Measure::Degree),
    (8805, "Scale factor at natural origin", Measure::Unity),
    (8806, "False easting", Measure::Metre),
    (8807, "False northing", Measure::Metre),
    (8811, "Latitude of projection centre", Measure::Degree),
    (8812, "Longitude of projection centre", Measure::Degree),
    (8813, "Azimuth at projection centre", Measure::Degree),
    (8814, "Angle from Rectified to Skew Grid", Measure::Degree),
    (8815, "Scale factor at projection centre", Measure::Unity),
    (8816, "Easting at projection centre", Measure::Metre),
    (8817, "Northing at projection centre", Measure::Metre),
    (8818, "Latitude of pseudo standard parallel", Measure::Degree),
    (8819, "Scale factor on pseudo standard parallel", Measure::Unity),
    (8821, "Latitude of false origin", Measure::Degree),
    (8822, "Longitude of false origin", Measure::Degree),
    (8823, "Latitude of 1st standard parallel", Measure::Degree),
    (8824, "Latitude of 2nd standard parallel", Measure::Degree),
    (8826, "Easting at false origin", Measure::Metre),
    (8827, "Northing at false origin", Measure::Metre),
    (8832, "Latitude of standard parallel", Measure::Degree),
    (8833, "Longitude of origin", Measure::Degree),
    (1036, "Co-latitude of cone axis", Measure::Degree),
];

/// A projection in EPSG's words: code and name of the method, codes and values of parameters.
struct Method {
    code: u32,
    name: &'static str,
    values: Vec<(u32, f64)>,
}

/// Returns PROJJSON, or nothing when the system has no faithful one.
pub(super) fn write(definition: &CrsDef, authority: Option<&Authority>) -> Option<Value> {
    let text = proj_wkt::to_projjson(definition).ok()?;
    let mut json: Value = serde_json::from_str(&text).ok()?;
    let order = authority
        .filter(|authority| authority.name() == "EPSG")
        .and_then(Authority::registry_code)
        .and_then(proj_core::lookup_authority_axis_order)
        .unwrap_or(AxisOrder::EastNorth);
    match definition {
        CrsDef::Geographic(_) => order_axes(&mut json, order),
        CrsDef::Projected(projected) => {
            json["conversion"] = conversion(projected)?;
            order_axes(&mut json, order);
            polar::point_axes(&mut json, &projected.method());
            if let Some(base) = json.get_mut("base_crs") {
                if registry::is_old_swiss_grid(projected.epsg()) {
                    name_old_swiss_datum(base);
                }
                datum_names::write(base);
            }
        }
        CrsDef::Geocentric(_) | CrsDef::Compound(_) => return None,
    }
    datum_names::write(&mut json);
    if let Some(authority) = authority {
        let code = authority.code();
        let code = code.parse::<u32>().map_or_else(|_| Value::from(code), Value::from);
        json["id"] = json!({ "authority": authority.name(), "code": code });
        if authority.code() == "CRS84" {
            json["name"] = Value::from("WGS 84 (CRS84)");
        }
    }
    Some(json)
}

/// Returns whether two projected systems have the same projection on the same ellipsoid and, as
/// far as both tell, the same datum.
///
/// Datums without a known shift are not compared by the registry at all; that the projection is
/// the same to the last digit shows that they are meant to be the same.
pub(super) fn is_same(left: &CrsDef, right: &CrsDef) -> bool {
    let (CrsDef::Projected(first), CrsDef::Projected(second)) = (left, right) else {
        return false;
    };
    let codes = [first.base_geographic_crs_epsg(), second.base_geographic_crs_epsg()];
    let ellipsoids = [first.datum().ellipsoid(), second.datum().ellipsoid()];
    (codes[0] == codes[1] || codes.contains(&0))
        && is_close(ellipsoids[0].semi_major_axis(), ellipsoids[1].semi_major_axis())
        && is_close(ellipsoids[0].flattening(), ellipsoids[1].flattening())
        && is_close(first.linear_unit_to_meter(), second.linear_unit_to_meter())
        && match (method(&first.method()), method(&second.method())) {
            (Some(first), Some(second)) => {
                first.code == second.code
                    && first.values.iter().zip(&second.values).all(|(a, b)| is_close(a.1, b.1))
            }
            _ => false,
        }
}

fn is_close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

fn conversion(definition: &ProjectedCrsDef) -> Option<Value> {
    let method = method(&definition.method())?;
    let metres = definition.linear_unit_to_meter();
    let parameters: Option<Vec<Value>> = method
        .values
        .iter()
        .map(|&(code, value)| {
            let (_, name, measure) = PARAMETERS.iter().find(|(known, _, _)| *known == code)?;
            let (value, unit) = match measure {
                Measure::Degree => (precise(value), Value::from("degree")),
                Measure::Unity => (value, Value::from("unity")),
                Measure::Metre if metres == 1.0 => (value, Value::from("metre")),
                Measure::Metre => (value / metres, linear_unit(metres)),
            };
            let id = json!({ "authority": "EPSG", "code": code });
            Some(json!({ "name": name, "value": value, "unit": unit, "id": id }))
        })
        .collect();
    Some(json!({
        "name": "unnamed",
        "method": { "name": method.name, "id": { "authority": "EPSG", "code": method.code } },
        "parameters": parameters?,
    }))
}

fn linear_unit(metres: f64) -> Value {
    let name = if (metres - 0.3048).abs() < 1e-12 {
        "foot"
    } else if (metres - 1200.0 / 3937.0).abs() < 1e-12 {
        "US survey foot"
    } else {
        "unknown"
    };
    json!({ "type": "LinearUnit", "name": name, "conversion_factor": metres })
}

/// Returns the projection in EPSG's words, or nothing when it is too rare to be known here.
#[expect(clippy::too_many_lines, reason = "one arm for each method")]
fn method(method: &ProjectionMethod) -> Option<Method> {
    use ProjectionMethod as P;
    let (code, name, values) = match *method {
        P::WebMercator => (
            1024,
            "Popular Visualisation Pseudo Mercator",
            vec![(8801, 0.0), (8802, 0.0), (8806, 0.0), (8807, 0.0)],
        ),
        P::TransverseMercator { lon0, lat0, k0, false_easting, false_northing } => (
            9807,
            "Transverse Mercator",
            natural(Some(lat0), lon0, Some(k0), false_easting, false_northing),
        ),
        P::ObliqueStereographic { lon0, lat0, k0, false_easting, false_northing } => (
            9809,
            "Oblique Stereographic",
            natural(Some(lat0), lon0, Some(k0), false_easting, false_northing),
        ),
        P::LambertAzimuthalEqualArea { lon0, lat0, false_easting, false_northing } => (
            9820,
            "Lambert Azimuthal Equal Area",
            natural(Some(lat0), lon0, None, false_easting, false_northing),
        ),
        P::CassiniSoldner { lon0, lat0, false_easting, false_northing } => (
            9806,
            "Cassini-Soldner",
            natural(Some(lat0), lon0, None, false_easting, false_northing),
        ),
        P::AmericanPolyconic { lon0, lat0, false_easting, false_northing } => (
            9818,
            "American Polyconic",
            natural(Some(lat0), lon0, None, false_easting, false_northing),
        ),
        P::EqualEarth { lon0, false_easting, false_northing } => {
            (1078, "Equal Earth", natural(None, lon0, None, false_easting, false_northing))
        }
        P::EquidistantCylindrical { lon0, lat_ts, false_easting, false_northing } => (
            1028,
            "Equidistant Cylindrical",
            vec![(8823, lat_ts), (8802, lon0), (8806, false_easting), (8807, false_northing)],
        ),
        P::Mercator { lon0, lat_ts: 0.0, k0, false_easting, false_northing } => (
            9804,
            "Mercator (variant A)",
            natural(Some(0.0), lon0, Some(k0), false_easting, false_northing),
        ),
        P::Mercator { lon0, lat_ts, false_easting, false_northing, .. } => (
            9805,
            "Mercator (variant B)",
            vec![(8823, lat_ts), (8802, lon0), (8806, false_easting), (8807, false_northing)],
        ),
        P::PolarStereographic { lon0, lat_ts, k0, false_easting, false_northing }
            if lat_ts.abs() >= 90.0 || k0 != 1.0 =>
        {
            (
                9810,
                "Polar Stereographic (variant A)",
                natural(
                    Some(90f64.copysign(lat_ts)),
                    lon0,
                    Some(k0),
                    false_easting,
                    false_northing,
                ),
            )
        }
        P::PolarStereographic { lon0, lat_ts, false_easting, false_northing, .. } => (
            9829,
            "Polar Stereographic (variant B)",
            vec![(8832, lat_ts), (8833, lon0), (8806, false_easting), (8807, false_northing)],
        ),
        P::LambertConformalConic { lon0, lat0, lat1, lat2, k0, false_easting, false_northing }
            if lat1 == lat2 && lat1 == lat0 =>
        {
            (
                9801,
                "Lambert Conic Conformal (1SP)",
                natural(Some(lat0), lon0, Some(k0), false_easting, false_northing),
            )
        }
        P::LambertConformalConic {
            lon0,
            lat0,
            lat1,
            lat2,
            k0: 1.0,
            false_easting,
            false_northing,
        } => (
            9802,
            "Lambert Conic Conformal (2SP)",
            conic(lat0, lon0, lat1, lat2, [false_easting, false_northing]),
        ),
        P::AlbersEqualArea { lon0, lat0, lat1, lat2, false_easting, false_northing } => (
            9822,
            "Albers Equal Area",
            conic(lat0, lon0, lat1, lat2, [false_easting, false_northing]),
        ),
        P::HotineObliqueMercator {
            latc,
            lonc,
            azimuth,
            rectified_grid_angle,
            k0,
            false_easting,
            false_northing,
            variant_b,
        } => {
            let (easting, northing) = if variant_b { (8816, 8817) } else { (8806, 8807) };
            let values = vec![
                (8811, latc),
                (8812, lonc),
                (8813, azimuth),
                (8814, rectified_grid_angle),
                (8815, k0),
                (easting, false_easting),
                (northing, false_northing),
            ];
            if variant_b {
                (9815, "Hotine Oblique Mercator (variant B)", values)
            } else {
                (9812, "Hotine Oblique Mercator (variant A)", values)
            }
        }
        P::KrovakNorthOrientated {
            lon0,
            lat0,
            co_latitude_cone_axis,
            lat_pseudo_standard_parallel,
            k0,
            false_easting,
            false_northing,
        } => (
            1041,
            "Krovak (North Orientated)",
            vec![
                (8811, lat0),
                (8833, lon0),
                (1036, co_latitude_cone_axis),
                (8818, lat_pseudo_standard_parallel),
                (8819, k0),
                (8806, false_easting),
                (8807, false_northing),
            ],
        ),
        _ => return None,
    };
    Some(Method { code, name, values })
}

fn natural(
    lat0: Option<f64>,
    lon0: f64,
    k0: Option<f64>,
    false_easting: f64,
    false_northing: f64,
) -> Vec<(u32, f64)> {
    let mut values = Vec::with_capacity(5);
    values.extend(lat0.map(|lat0| (8801, lat0)));
    values.push((8802, lon0));
    values.extend(k0.map(|k0| (8805, k0)));
    values.extend([(8806, false_easting), (8807, false_northing)]);
    values
}

fn conic(lat0: f64, lon0: f64, lat1: f64, lat2: f64, false_origin: [f64; 2]) -> Vec<(u32, f64)> {
    let [easting, northing] = false_origin;
    vec![(8821, lat0), (8822, lon0), (8823, lat1), (8824, lat2), (8826, easting), (8827, northing)]
}

/// Puts the axes in the order of the authority, and those of a base system in EPSG's.
fn order_axes(json: &mut Value, order: AxisOrder) {
    let swap = |system: &mut Value| {
        if let Some(axes) =
            system.pointer_mut("/coordinate_system/axis").and_then(Value::as_array_mut)
            && axes.len() == 2
        {
            axes.swap(0, 1);
        }
    };
    if order == AxisOrder::NorthEast {
        swap(json);
    }
    if let Some(base) = json.get_mut("base_crs") {
        swap(base);
    }
}

/// Names the datum of the old Swiss grid, which is computed with that of the new one.
fn name_old_swiss_datum(base: &mut Value) {
    let (system, datum) = registry::OLD_SWISS_CODES;
    base["name"] = Value::from("CH1903");
    base["id"]["code"] = Value::from(system);
    base["datum"]["name"] = Value::from("CH1903");
    base["datum"]["id"]["code"] = Value::from(datum);
}

/// Returns an angle with all its digits: the registry has twelve behind the point, which for a
/// definition in seconds are not all.
fn precise(degrees: f64) -> f64 {
    let seconds = (degrees * 3600.0 * 1e5).round() / 1e5;
    let precise = seconds / 3600.0;
    if (precise - degrees).abs() < 1e-12 { precise } else { degrees }
}
