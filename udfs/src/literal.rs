//! Geometry written as text: WKT, EWKT, hexadecimal WKB, GeoJSON, or a box.

use godwit_geometry::{Crs, Geometry, GeometryError, geojson, parse_box, to_iso, wkt};

/// Returns the WKB and the reference system of a geometry written as text.
pub(crate) fn read_geometry_text(text: &str) -> Result<(Vec<u8>, Option<Crs>), GeometryError> {
    let trimmed = text.trim_start();
    if trimmed.starts_with('{') {
        let wkb = geojson::parse(trimmed)?;
        let crs = geojson_crs(trimmed).map_or_else(|| Ok(Crs::wgs84()), |name| Crs::parse(&name));
        return Ok((wkb, Some(crs?)));
    }
    if trimmed.starts_with("00") || trimmed.starts_with("01") {
        let bytes = read_hex(trimmed.trim_end())?;
        let geometry = Geometry::try_any(&bytes)?;
        return Ok((to_iso(geometry).into_owned(), geometry.srid().and_then(srid_crs)));
    }
    if let Some(wkb) = parse_box(trimmed) {
        return Ok((wkb, None));
    }
    let (wkb, srid) = wkt::parse(text)?;
    Ok((wkb, srid.and_then(srid_crs)))
}

/// Returns the reference system of an SRID; 0 and below mean that it is not known,
/// and what is above the largest one becomes another.
pub(crate) fn srid_crs(srid: i32) -> Option<Crs> {
    (srid > 0).then(|| Crs::from_epsg(wkt::known_srid(srid)))
}

/// Returns the name in the `crs` member that GeoJSON had before RFC 7946.
pub(crate) fn geojson_crs(text: &str) -> Option<String> {
    let object: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(object.get("crs")?.get("properties")?.get("name")?.as_str()?.to_owned())
}

/// Returns the bytes written as hexadecimal digits.
pub(crate) fn read_hex(text: &str) -> Result<Vec<u8>, GeometryError> {
    let digits = text.as_bytes();
    if digits.len() % 2 == 1 {
        return Err(invalid_hex(digits.len(), "the number of digits is odd"));
    }
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    for (index, pair) in digits.chunks_exact(2).enumerate() {
        let byte = pair.iter().try_fold(0_u8, |byte, digit| {
            let digit = char::from(*digit).to_digit(16)?;
            u8::try_from(u32::from(byte) * 16 + digit).ok()
        });
        bytes.push(byte.ok_or_else(|| invalid_hex(index, "not a hexadecimal digit"))?);
    }
    Ok(bytes)
}

/// Returns the bytes as hexadecimal digits in upper case.
pub(crate) fn write_hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.extend(DIGITS.get(usize::from(digit)));
        }
    }
    text
}

fn invalid_hex(offset: usize, reason: &str) -> GeometryError {
    GeometryError::InvalidWkb { offset, reason: format!("hexadecimal text: {reason}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_text_survives_a_round_trip() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(read_hex(&write_hex(&bytes)), Ok(bytes.clone()));
        assert_eq!(read_hex(&write_hex(&bytes).to_lowercase()), Ok(bytes));
        assert!(read_hex("012").is_err());
        assert!(read_hex("0x").is_err());
    }
}
