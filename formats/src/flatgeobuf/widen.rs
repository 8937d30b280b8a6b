//! Features of our own that get the dimension of those that came after them.

use godwit_geometry::flatgeobuf::{Feature, encode_feature};
use godwit_geometry::{Dimension, Geometry};

use super::feature::first;
use super::geometry;
use super::header::Header;
use super::table::{Checked, Table};
use crate::FormatError;

/// Returns a feature, with its length before it, whose geometry has a dimension.
pub(crate) fn widened(feature: &[u8], dimension: Dimension) -> Result<Vec<u8>, FormatError> {
    let mut wkb = Vec::new();
    let (has_geometry, properties) = parts(feature, dimension, &mut wkb).map_err(|reason| {
        FormatError::Unsupported { reason: format!("a feature cannot be read back: {reason}") }
    })?;
    let geometry = if has_geometry { Some(Geometry::try_new(&wkb)?) } else { None };
    let properties = properties.to_vec();
    Ok(encode_feature(&Feature { geometry, properties }, dimension)?)
}

/// Writes the geometry of a feature as WKB, if it has one, and returns whether it has, and its
/// properties.
fn parts<'a>(
    feature: &'a [u8],
    dimension: Dimension,
    wkb: &mut Vec<u8>,
) -> Checked<(bool, &'a [u8])> {
    let (body, _) = first(feature).ok_or("it is cut off")?;
    let table = Table::root(body)?;
    let geometry = table.table(0)?;
    if let Some(geometry) = geometry {
        geometry::write(wkb, geometry, &Header::of(dimension), body.len())?;
    }
    Ok((geometry.is_some(), table.vector(1, 1)?))
}

#[cfg(test)]
mod tests {
    use godwit_geometry::wkt;

    use super::*;

    #[test]
    fn what_was_written_first_gets_the_dimension_of_the_file() {
        for text in [
            "POINT(1 2)",
            "POINT M (1 2 3)",
            "LINESTRING EMPTY",
            "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),EMPTY)",
            "GEOMETRYCOLLECTION(POINT EMPTY,MULTILINESTRING((0 0,1 1)))",
        ] {
            let (wkb, _) = wkt::parse(text).unwrap();
            let geometry = Geometry::try_new(&wkb).unwrap();
            let feature = Feature { geometry: Some(geometry), properties: vec![1, 2, 3] };
            let narrow = encode_feature(&feature, geometry.dimension()).unwrap();
            let wide = widened(&narrow, Dimension::Xyzm).unwrap();
            assert_eq!(wide, encode_feature(&feature, Dimension::Xyzm).unwrap(), "{text}");
        }
        let nothing = Feature { geometry: None, properties: vec![7] };
        let bytes = encode_feature(&nothing, Dimension::Xy).unwrap();
        assert_eq!(widened(&bytes, Dimension::Xyz).unwrap(), bytes);
        assert!(widened(&bytes[..5], Dimension::Xyz).is_err());
    }
}
