//! Polygons written as WKT whose rings may be open.

use godwit_geometry::GeometryError;

use crate::literal::read_geometry_text;

/// Returns the WKB of a text after closing its rings; the extension for `DuckDB` needs no closed
/// ones.
pub(super) fn read_polygons(text: &str) -> Result<Vec<u8>, GeometryError> {
    read_geometry_text(&closed(text)).map(|(wkb, _)| wkb)
}

/// Returns WKT with the first position of each ring at its end.
fn closed(text: &str) -> String {
    let is_area = text.trim_start().to_ascii_uppercase().contains("POLYGON");
    if !is_area {
        return text.to_owned();
    }
    let mut result = String::with_capacity(text.len() + 32);
    for piece in text.split_inclusive(['(', ')']) {
        let ring = piece.strip_suffix(')').unwrap_or_default();
        let mut positions = ring.split(',').map(str::trim);
        if let (Some(first), Some(last)) = (positions.next(), positions.next_back())
            && first != last
            && !first.is_empty()
        {
            result.push_str(ring);
            result.push_str(", ");
            result.push_str(first);
            result.push(')');
        } else {
            result.push_str(piece);
        }
    }
    result
}
