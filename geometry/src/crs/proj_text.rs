//! Writes a reference system as a PROJ string.

use std::fmt::Write as _;

use proj_core::{CrsDef, Datum, ProjectedCrsDef, ProjectionMethod};

use super::definition::Definition;

/// Returns a PROJ string, or nothing when the projection is too rare to be known here.
pub(super) fn write(definition: &Definition) -> Option<String> {
    let definition = match definition {
        Definition::Registered(definition) => definition,
        Definition::Plane(plane) => return Some(plane.to_proj_string()),
    };
    match definition {
        CrsDef::Geographic(geographic) => {
            Some(format!("+proj=longlat {} +no_defs", datum(geographic.datum())))
        }
        CrsDef::Projected(projected) => {
            let projection = projection(projected)?;
            let unit = unit(projected.linear_unit_to_meter());
            Some(format!("{projection} {} {unit} +no_defs", datum(projected.datum())))
        }
        CrsDef::Geocentric(_) | CrsDef::Compound(_) => None,
    }
}

fn projection(projected: &ProjectedCrsDef) -> Option<String> {
    use ProjectionMethod as P;
    Some(match projected.method() {
        P::WebMercator => "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 \
             +nadgrids=@null +wktext"
            .to_owned(),
        P::TransverseMercator { lon0, lat0, k0, false_easting, false_northing } => {
            let zone = ((lon0 + 183.0) / 6.0).round();
            let is_zone = lat0 == 0.0
                && (k0 - 0.9996).abs() < 1e-12
                && (zone * 6.0 - 183.0 - lon0).abs() < 1e-12
                && (1.0..=60.0).contains(&zone)
                && false_easting == 500_000.0;
            match false_northing {
                0.0 if is_zone => format!("+proj=utm +zone={zone}"),
                10_000_000.0 if is_zone => format!("+proj=utm +zone={zone} +south"),
                _ => format!(
                    "+proj=tmerc +lat_0={lat0} +lon_0={lon0} +k={k0} {}",
                    origin(false_easting, false_northing)
                ),
            }
        }
        P::LambertConformalConic { lon0, lat0, lat1, lat2, k0, false_easting, false_northing } => {
            let scale = if k0 == 1.0 { String::new() } else { format!("+k_0={k0} ") };
            format!(
                "+proj=lcc +lat_0={lat0} +lon_0={lon0} +lat_1={lat1} +lat_2={lat2} {scale}{}",
                origin(false_easting, false_northing)
            )
        }
        P::AlbersEqualArea { lon0, lat0, lat1, lat2, false_easting, false_northing } => format!(
            "+proj=aea +lat_0={lat0} +lon_0={lon0} +lat_1={lat1} +lat_2={lat2} {}",
            origin(false_easting, false_northing)
        ),
        P::LambertAzimuthalEqualArea { lon0, lat0, false_easting, false_northing } => format!(
            "+proj=laea +lat_0={lat0} +lon_0={lon0} {}",
            origin(false_easting, false_northing)
        ),
        P::ObliqueStereographic { lon0, lat0, k0, false_easting, false_northing } => format!(
            "+proj=sterea +lat_0={lat0} +lon_0={lon0} +k={k0} {}",
            origin(false_easting, false_northing)
        ),
        P::PolarStereographic { lon0, lat_ts, k0, false_easting, false_northing } => format!(
            "+proj=stere +lat_0={} +lat_ts={lat_ts} +lon_0={lon0} +k={k0} {}",
            90f64.copysign(lat_ts),
            origin(false_easting, false_northing)
        ),
        P::Mercator { lon0, lat_ts, k0, false_easting, false_northing } => format!(
            "+proj=merc +lon_0={lon0} +lat_ts={lat_ts} +k={k0} {}",
            origin(false_easting, false_northing)
        ),
        P::CassiniSoldner { lon0, lat0, false_easting, false_northing } => format!(
            "+proj=cass +lat_0={lat0} +lon_0={lon0} {}",
            origin(false_easting, false_northing)
        ),
        _ => return None,
    })
}

fn origin(easting: f64, northing: f64) -> String {
    format!("+x_0={easting} +y_0={northing}")
}

/// Returns the words that say which datum is meant.
pub(super) fn datum(datum: &Datum) -> String {
    let whole = datum.ellipsoid();
    let (axis, flattening) = (whole.semi_major_axis(), whole.inverse_flattening());
    if datum.is_wgs84_compatible()
        && axis == 6_378_137.0
        && (flattening - 298.257_223_563).abs() < 1e-9
    {
        return "+datum=WGS84".to_owned();
    }
    let mut text = ellipsoid(datum);
    if let Some(shift) = datum.helmert_to_wgs84() {
        let _ = write!(
            text,
            " +towgs84={},{},{},{},{},{},{}",
            shift.dx(),
            shift.dy(),
            shift.dz(),
            shift.rx(),
            shift.ry(),
            shift.rz(),
            shift.ds()
        );
    }
    text
}

/// Returns the words that say which ellipsoid a datum has.
pub(super) fn ellipsoid(datum: &Datum) -> String {
    let ellipsoid = datum.ellipsoid();
    let (axis, flattening) = (ellipsoid.semi_major_axis(), ellipsoid.inverse_flattening());
    if flattening.is_finite() && flattening > 0.0 {
        format!("+a={axis} +rf={flattening}")
    } else {
        format!("+R={axis}")
    }
}

fn unit(metres: f64) -> String {
    if metres == 1.0 {
        return "+units=m".to_owned();
    }
    if (metres - 0.3048).abs() < 1e-12 {
        return "+units=ft".to_owned();
    }
    if (metres - 1200.0 / 3937.0).abs() < 1e-12 {
        return "+units=us-ft".to_owned();
    }
    format!("+to_meter={metres}")
}
