//! What all functions that make geographies share.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::Array as _;
use godwit_geometry::{Geometry, GeometryError, geodesic};

use crate::arguments::Arguments;
use crate::function::Evaluated;
use crate::literal::read_geometry_text;
use crate::plan::Planned;
use crate::rows::Rows as _;

/// Checks that a reference system in a literal text, or named by the second argument, is in
/// longitude and latitude.
pub(super) fn check_text(planned: &Planned<'_>) -> Result<(), GeometryError> {
    let crs = match (planned.len(), planned.text(0)) {
        (1, Some(text)) => read_geometry_text(text)?.1,
        (1, None) => None,
        _ => planned.named_crs(1)?,
    };
    crs.map_or(Ok(()), |crs| planned.check_geographic(&crs))
}

/// Checks that a reference system in literal bytes, or named by the second argument, is in
/// longitude and latitude.
pub(super) fn check_bytes(planned: &Planned<'_>) -> Result<(), GeometryError> {
    let crs = match (planned.len(), planned.bytes(0)) {
        (1, Some(bytes)) => crate::plan::crs_of_wkb(bytes)?,
        (1, None) => None,
        _ => planned.named_crs(1)?,
    };
    crs.map_or(Ok(()), |crs| planned.check_geographic(&crs))
}

/// Returns the geographies of the texts in the first argument, of any format.
pub(super) fn read_texts(arguments: &Arguments<'_>) -> Evaluated {
    arguments.text(0)?.map_bytes(read_text)
}

/// Returns the geography of a text.
pub(super) fn read_text(text: &str) -> Result<Vec<u8>, GeometryError> {
    let (wkb, _) = read_geometry_text(text)?;
    Ok(geodesic::in_range(Geometry::try_new(&wkb)?).into_owned())
}

/// Returns the first argument as canonical WKB with positions on the earth, without copying when
/// all rows already are.
pub(super) fn rows_in_range(arguments: &Arguments<'_>) -> Evaluated {
    let rows = arguments.geometry(0)?;
    let mut all_fit = true;
    for row in 0..rows.row_count() {
        all_fit &= rows
            .get(row)?
            .is_none_or(|geometry| matches!(geodesic::in_range(geometry), Cow::Borrowed(_)));
    }
    let array = arguments.array(0)?;
    if all_fit && array.len() == rows.row_count() {
        return Ok(Arc::clone(array));
    }
    rows.map_borrowed(geodesic::in_range)
}
