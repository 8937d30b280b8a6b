//! Geometries inside of arrays and records as text, as `PostGIS` writes them: the hexadecimal digits
//! of EWKB, and boxes as `BOX(0 0,1 1)`.

use std::fmt::Write as _;

use arrow::array::{Array as _, ArrayRef, StringArray, StringBuilder};
use arrow::datatypes::Field;
use datafusion::common::Result;
use godwit_geometry::{Geometry, GeometryType, WkbColumn, is_geometry, to_ewkb};
use godwit_udfs::box_dimensions;

use super::super::box_text::text_of_box;
use crate::error::external;

/// Returns the texts of values whose field says that they are geometries; nothing if it does not.
pub(super) fn texts(values: &ArrayRef, field: &Field) -> Result<Option<StringArray>> {
    if !is_geometry(field) {
        return Ok(None);
    }
    let Some(column) = WkbColumn::try_new(values.as_ref()) else { return Ok(None) };
    let known = GeometryType::from_field(field).map_err(external)?;
    let srid = known.and_then(|known| known.crs).and_then(|crs| crs.srid());
    let dimensions = box_dimensions(field);
    let mut texts = StringBuilder::new();
    for row in 0..values.len() {
        let Some(bytes) = column.get(row) else {
            texts.append_null();
            continue;
        };
        let geometry = Geometry::try_any(bytes).map_err(external)?;
        if dimensions.is_some() {
            texts.append_option(text_of_box(geometry, dimensions != Some(2)));
        } else {
            texts.append_value(hexadecimal(&to_ewkb(geometry, srid.or(geometry.srid()))));
        }
    }
    Ok(Some(texts.finish()))
}

/// Returns what stands between the elements of an array: a colon between geometries, which have a
/// delimiter of their own in `PostGIS`.
pub(super) fn delimiter(item: &Field) -> char {
    if is_geometry(item) && box_dimensions(item).is_none() { ':' } else { ',' }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02X}");
    }
    text
}
