//! Longitude and latitude on WGS 84 to and from Web Mercator, which most maps use.
//!
//! The formulas are short and reach closer to the poles than the general machinery allows.

const RADIUS: f64 = 6_378_137.0;

/// Returns easting and northing; not finite beyond the poles.
#[inline]
pub(super) fn project(longitude: f64, latitude: f64) -> [f64; 2] {
    if !(-90.0..=90.0).contains(&latitude) {
        return [f64::NAN; 2];
    }
    let x = RADIUS * wrap(longitude).to_radians();
    let y = RADIUS * latitude.to_radians().tan().asinh();
    [x, y]
}

/// Returns longitude and latitude.
#[inline]
pub(super) fn unproject(x: f64, y: f64) -> [f64; 2] {
    [wrap((x / RADIUS).to_degrees()), (y / RADIUS).sinh().atan().to_degrees()]
}

/// Returns the longitude between -180 and 180 for the same meridian.
#[inline]
fn wrap(longitude: f64) -> f64 {
    if (-180.0..=180.0).contains(&longitude) {
        return longitude;
    }
    (longitude + 180.0).rem_euclid(360.0) - 180.0
}
