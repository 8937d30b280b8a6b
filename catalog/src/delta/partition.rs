//! Rows by the values of their partition columns.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::{DataType, SchemaRef, TimestampMicrosecondType};
use arrow::row::{RowConverter, SortField};

use super::scalar::{escaped_bytes, is_bytes, timestamp_text, timestamp_zone};
use crate::CatalogError;

/// The most files that a stream of rows keeps open, one for each partition.
pub(crate) const OPEN_FILES: usize = 64;

/// Splits rows by the values of their partition columns.
#[derive(Debug)]
pub(crate) struct PartitionSplitter {
    converter: RowConverter,
    partition_columns: Vec<usize>,
    file_columns: Vec<usize>,
}

/// Rows that share their partition values.
#[derive(Debug)]
pub(crate) struct Partition {
    /// The values in the order of the partition columns, as the log writes them.
    pub(crate) values: Vec<Option<String>>,
    /// The rows, without the partition columns.
    pub(crate) rows: RecordBatch,
}

impl PartitionSplitter {
    /// Returns the splitter for rows of a schema. Without columns all rows are one partition.
    pub(crate) fn try_new(
        schema: &SchemaRef,
        partition_by: &[String],
    ) -> Result<Self, CatalogError> {
        let partition_columns: Vec<usize> =
            partition_by.iter().filter_map(|name| schema.index_of(name).ok()).collect();
        let file_columns =
            (0..schema.fields().len()).filter(|index| !partition_columns.contains(index)).collect();
        let fields = partition_columns
            .iter()
            .map(|index| SortField::new(schema.field(*index).data_type().clone()))
            .collect();
        let converter = RowConverter::new(fields).map_err(arrow_error)?;
        Ok(Self { converter, partition_columns, file_columns })
    }

    /// Returns the rows of each partition, in the order of their first rows.
    pub(crate) fn split(&self, batch: &RecordBatch) -> Result<Vec<Partition>, CatalogError> {
        if batch.num_rows() == 0 {
            return Ok(Vec::new());
        }
        if self.partition_columns.is_empty() {
            return Ok(vec![Partition { values: Vec::new(), rows: batch.clone() }]);
        }
        let file_rows = batch.project(&self.file_columns).map_err(arrow_error)?;
        let keys: Vec<ArrayRef> = self
            .partition_columns
            .iter()
            .filter_map(|index| batch.columns().get(*index).map(Arc::clone))
            .collect();
        let rows = self.converter.convert_columns(&keys).map_err(arrow_error)?;
        let mut places = HashMap::new();
        let mut groups: Vec<Vec<u32>> = Vec::new();
        for (row, key) in (0_u32..).zip(rows.iter()) {
            let place = *places.entry(key).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(place) {
                group.push(row);
            }
        }
        let is_whole = groups.len() == 1;
        let mut partitions = Vec::with_capacity(groups.len());
        for group in groups {
            let first = group.first().copied().unwrap_or(0) as usize;
            let values = keys.iter().map(|key| partition_text(key, first));
            let values = values.collect::<Result<_, _>>()?;
            let rows = if is_whole {
                file_rows.clone()
            } else {
                take_record_batch(&file_rows, &UInt32Array::from(group)).map_err(arrow_error)?
            };
            partitions.push(Partition { values, rows });
        }
        Ok(partitions)
    }
}

/// Returns a partition value as the log writes it.
fn partition_text(column: &ArrayRef, row: usize) -> Result<Option<String>, CatalogError> {
    if column.is_null(row) {
        return Ok(None);
    }
    if let Some(has_zone) = timestamp_zone(column.data_type()) {
        let micros = column.as_primitive::<TimestampMicrosecondType>().value(row);
        let separator = if has_zone { 'T' } else { ' ' };
        let text = timestamp_text(micros, has_zone, separator).ok_or_else(|| {
            CatalogError::invalid("a time is too far from now for a partition value")
        })?;
        return Ok(Some(text));
    }
    let text = if is_bytes(column.data_type()) {
        let bytes = arrow::compute::cast(&column.slice(row, 1), &DataType::Binary);
        escaped_bytes(bytes.map_err(arrow_error)?.as_binary::<i32>().value(0))
    } else {
        arrow::util::display::array_value_to_string(column, row).map_err(arrow_error)?
    };
    if text.is_empty() {
        let reason = "an empty text cannot be the value of a partition column: Delta writes it \
                      like NULL. Write nullif(column, '') to mean that";
        return Err(CatalogError::invalid(reason));
    }
    Ok(Some(text))
}

fn arrow_error(error: arrow::error::ArrowError) -> CatalogError {
    CatalogError::query(error.into())
}

#[cfg(test)]
mod tests {
    use arrow::array::{
        BinaryArray, Date32Array, Int64Array, StringArray, TimestampMicrosecondArray,
    };

    use super::*;

    #[test]
    fn rows_go_to_their_partition() {
        let batch = RecordBatch::try_from_iter([
            ("v", Arc::new(Int64Array::from(vec![1, 2, 3, 4])) as ArrayRef),
            ("p", Arc::new(StringArray::from(vec![Some("a"), None, Some("a"), None]))),
            ("d", Arc::new(Date32Array::from(vec![0, 0, 0, 1]))),
        ])
        .unwrap();
        let by = ["d".to_owned(), "p".to_owned()];
        let splitter = PartitionSplitter::try_new(&batch.schema(), &by).unwrap();
        let partitions = splitter.split(&batch).unwrap();
        let values: Vec<_> = partitions.iter().map(|p| p.values.clone()).collect();
        let day = |text: &str| Some(text.to_owned());
        assert_eq!(
            values,
            [
                vec![day("1970-01-01"), day("a")],
                vec![day("1970-01-01"), None],
                vec![day("1970-01-02"), None],
            ]
        );
        assert_eq!(partitions[0].rows.num_rows(), 2);
        assert_eq!(partitions[0].rows.num_columns(), 1);
    }

    #[test]
    fn an_empty_text_is_refused() {
        let column: ArrayRef = Arc::new(StringArray::from(vec![""]));
        assert!(partition_text(&column, 0).is_err());
    }

    #[test]
    fn bytes_are_written_as_the_log_wants_them() {
        let bytes = [b"ab".as_slice(), b"a\xff"];
        let column: ArrayRef = Arc::new(BinaryArray::from(bytes.to_vec()));
        assert_eq!(partition_text(&column, 1).unwrap().unwrap(), "\\u0061\\u00FF");
    }

    #[test]
    fn times_are_written_as_the_log_wants_them() {
        let times = TimestampMicrosecondArray::from(vec![1]).with_timezone("UTC");
        let column: ArrayRef = Arc::new(times);
        let text = partition_text(&column, 0).unwrap().unwrap();
        assert_eq!(text, "1970-01-01T00:00:00.000001Z");
    }
}
