//! Columns of times that hold times of day, which the format has no type for. GDAL writes
//! `0000-00-00T12:34:56`, so the first feature with a value says which columns these are.

use std::sync::Arc;

use godwit_geometry::flatgeobuf::ColumnType;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};

use super::feature::first;
use super::header::Header;
use super::properties::split;
use super::table::Table;
use crate::FormatError;

/// How many bytes of features are looked at.
const SAMPLE_BYTES: u64 = 64 * 1024;

/// What stands before the time of day in place of a date.
const NO_DATE: &str = "0000-00-00T";

/// Returns a text without the date that is none.
pub(super) fn without_no_date(text: &str) -> &str {
    text.strip_prefix(NO_DATE).unwrap_or(text)
}

/// Returns the numbers of the columns with times of day in a file that is not compressed.
pub(super) async fn columns(
    store: &Arc<dyn ObjectStore>,
    object: &ObjectMeta,
    header: &Header,
) -> Result<Vec<usize>, FormatError> {
    let Some(start) = header.features_start().filter(|start| *start < object.size) else {
        return Ok(Vec::new());
    };
    if !header.columns.iter().any(|column| column.column_type == ColumnType::DateTime) {
        return Ok(Vec::new());
    }
    let end = object.size.min(start.saturating_add(SAMPLE_BYTES));
    let bytes = store.get_range(&object.location, start..end).await?;
    Ok(columns_in(&bytes, header))
}

/// Returns the columns of times whose first value among some features has no date. Features that
/// make no sense are refused when they are read.
fn columns_in(features: &[u8], header: &Header) -> Vec<usize> {
    let mut values = vec![None; header.columns.len()];
    let mut first_values = values.clone();
    let mut rest = features;
    while let Some((feature, after)) = first(rest) {
        rest = after;
        let properties = Table::root(feature).and_then(|table| table.vector(1, 1));
        let Ok(()) = properties.and_then(|bytes| split(bytes, &header.columns, &mut values)) else {
            break;
        };
        for (first, value) in first_values.iter_mut().zip(&values) {
            *first = first.or(*value);
        }
    }
    let columns = header.columns.iter().zip(first_values).enumerate();
    let clocks = columns.filter(|(_, (column, value))| {
        column.column_type == ColumnType::DateTime
            && value.is_some_and(|value| value.starts_with(NO_DATE.as_bytes()))
    });
    clocks.map(|(index, _)| index).collect()
}
