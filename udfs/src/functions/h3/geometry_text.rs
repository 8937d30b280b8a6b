//! Geometries of the grid as text.

use godwit_geometry::{Geometry, GeometryError, geojson, wkt};

/// The digits behind the point that positions are written with at the most.
const DIGITS: usize = 15;

/// Returns WKB as WKT.
pub(super) fn as_wkt(wkb: Option<Vec<u8>>) -> Result<Option<String>, GeometryError> {
    let Some(wkb) = wkb else {
        return Ok(None);
    };
    Ok(Some(wkt::format(Geometry::try_new(&wkb)?, DIGITS)))
}

/// Returns WKB as a `GeoJSON` geometry.
pub(super) fn as_geojson(wkb: Option<Vec<u8>>) -> Result<Option<String>, GeometryError> {
    let Some(wkb) = wkb else {
        return Ok(None);
    };
    let mut text = String::new();
    geojson::write(&mut text, Geometry::try_new(&wkb)?, DIGITS);
    Ok(Some(text))
}
