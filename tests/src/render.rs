//! Turns record batches into the text that `.slt` files hold.

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float32Type, Float64Type};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use godwit_engine::geometry::{Geometry, is_geometry, wkt};

/// Returns one text per cell, row by row.
///
/// Geometry is WKT, floating point numbers have at most 12 significant digits, NULL is `NULL`, and
/// an empty text is `(empty)`.
///
/// # Errors
/// Fails when a column cannot be formatted, for example malformed WKB in a geometry column.
pub fn render_rows(batches: &[RecordBatch]) -> Result<Vec<Vec<String>>, ArrowError> {
    let mut rows = Vec::new();
    for batch in batches {
        rows.extend(render_batch(batch)?);
    }
    Ok(rows)
}

/// Returns the rows of one batch as text; see [`render_rows`].
///
/// # Errors
/// Fails when a column cannot be formatted.
pub fn render_batch(batch: &RecordBatch) -> Result<Vec<Vec<String>>, ArrowError> {
    let schema = batch.schema();
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        columns.push(render_column(field, column)?);
    }
    let row = |index: usize| -> Vec<String> {
        columns.iter().filter_map(|column: &Vec<String>| column.get(index).cloned()).collect()
    };
    Ok((0..batch.num_rows()).map(row).collect())
}

fn render_column(field: &Field, column: &ArrayRef) -> Result<Vec<String>, ArrowError> {
    if is_geometry(field) {
        return render_geometry(column);
    }
    match column.data_type() {
        DataType::Float64 => {
            let values = column.as_primitive::<Float64Type>();
            Ok(values.iter().map(|value| value.map_or_else(null, render_float)).collect())
        }
        DataType::Float32 => {
            let values = column.as_primitive::<Float32Type>();
            let text = |value: Option<f32>| value.map_or_else(null, |value| value.to_string());
            Ok(values.iter().map(text).collect())
        }
        _ => render_other(column),
    }
}

fn render_geometry(column: &ArrayRef) -> Result<Vec<String>, ArrowError> {
    let bytes = cast(column, &DataType::Binary)?;
    let mut texts = Vec::with_capacity(bytes.len());
    for value in bytes.as_binary::<i32>() {
        texts.push(match value {
            None => null(),
            Some(wkb) => {
                let geometry = Geometry::try_any(wkb)
                    .map_err(|error| ArrowError::ExternalError(Box::new(error)))?;
                wkt::format(geometry, 15)
            }
        });
    }
    Ok(texts)
}

fn render_other(column: &ArrayRef) -> Result<Vec<String>, ArrowError> {
    let options = FormatOptions::default().with_null("NULL").with_display_error(false);
    let formatter = ArrayFormatter::try_new(column, &options)?;
    let mut texts = Vec::with_capacity(column.len());
    for index in 0..column.len() {
        let text = formatter.value(index).try_to_string()?;
        texts.push(if text.is_empty() { "(empty)".to_owned() } else { text });
    }
    Ok(texts)
}

fn render_float(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".to_owned() } else { value.to_string() };
    }
    let rounded = format!("{value:.11e}").parse().unwrap_or(value);
    format!("{rounded}")
}

fn null() -> String {
    "NULL".to_owned()
}

#[cfg(test)]
mod tests {
    use super::render_float;

    #[test]
    fn floats_keep_twelve_digits() {
        assert_eq!(render_float(0.1 + 0.2), "0.3");
        assert_eq!(render_float(-0.0), "0");
        assert_eq!(render_float(111_195.079_734_632), "111195.079735");
    }
}
