//! Columns of geometries of any kind as columns of basic ones.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder};
use arrow::compute::cast;

use super::to_basic;
use crate::{Geometry, GeometryError, WkbColumn, construct};

/// Returns a column with every geometry brought to a basic kind, in the storage it had.
pub fn to_basic_column(column: WkbColumn<'_>) -> Result<ArrayRef, GeometryError> {
    replaced(column, |geometry, bytes| {
        bytes.extend_from_slice(&to_basic(geometry)?);
        Ok(())
    })
}

/// Returns a column with the box of every geometry that is not of a basic kind in its place.
pub fn to_box_column(column: WkbColumn<'_>) -> Result<ArrayRef, GeometryError> {
    replaced(column, |geometry, bytes| {
        if geometry.is_basic() || geometry.bounds().is_none() {
            bytes.extend_from_slice(&to_basic(geometry)?);
        } else {
            construct::append_envelope(bytes, geometry);
        }
        Ok(())
    })
}

fn replaced(
    column: WkbColumn<'_>,
    append: impl Fn(Geometry<'_>, &mut Vec<u8>) -> Result<(), GeometryError>,
) -> Result<ArrayRef, GeometryError> {
    let mut builder = BinaryBuilder::with_capacity(column.len(), column.byte_count());
    let mut replacement = Vec::new();
    for bytes in column.iter() {
        if let Some(bytes) = bytes {
            replacement.clear();
            append(Geometry::try_any(bytes)?, &mut replacement)?;
        }
        builder.append_option(bytes.map(|_| &replacement));
    }
    let array: ArrayRef = Arc::new(builder.finish());
    cast(&array, column.to_array().data_type())
        .map_err(|error| GeometryError::InvalidArgument { reason: error.to_string() })
}
