//! The bytes an array needs on the wire, counted from its slice and not from its buffers.
//!
//! A slice of a big batch shares the buffers of the whole, so buffer sizes say nothing about what
//! will be sent. Views and dictionaries are counted as the plain values they become.

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BinaryViewArray, GenericByteArray, GenericListArray,
    OffsetSizeTrait, RecordBatch, StringViewArray,
};
use arrow::datatypes::{ByteArrayType, DataType};

/// Returns the bytes a batch needs on the wire.
pub(super) fn batch_size(batch: &RecordBatch) -> usize {
    batch.columns().iter().map(array_size).sum()
}

fn array_size(array: &ArrayRef) -> usize {
    let validity = if array.null_count() > 0 { array.len().div_ceil(8) } else { 0 };
    validity + values_size(array)
}

fn values_size(array: &ArrayRef) -> usize {
    let rows = array.len();
    match array.data_type() {
        DataType::Utf8 => bytes_size(array.as_string::<i32>()),
        DataType::LargeUtf8 => bytes_size(array.as_string::<i64>()),
        DataType::Binary => bytes_size(array.as_binary::<i32>()),
        DataType::LargeBinary => bytes_size(array.as_binary::<i64>()),
        DataType::Utf8View => string_view_size(array.as_string_view()),
        DataType::BinaryView => binary_view_size(array.as_binary_view()),
        DataType::Boolean => rows.div_ceil(8),
        DataType::List(_) => list_size(array.as_list::<i32>()),
        DataType::LargeList(_) => list_size(array.as_list::<i64>()),
        DataType::Map(..) => {
            let map = array.as_map();
            let (start, end) = span(map.value_offsets());
            let entries: ArrayRef = std::sync::Arc::new(map.entries().slice(start, end - start));
            4 * (rows + 1) + array_size(&entries)
        }
        DataType::FixedSizeList(_, _) => array_size(array.as_fixed_size_list().values()),
        DataType::Struct(_) => array.as_struct().columns().iter().map(array_size).sum(),
        DataType::Dictionary(_, _) => dictionary_size(array),
        other => match other.primitive_width() {
            Some(width) => rows * width,
            None => array.to_data().get_slice_memory_size().unwrap_or(rows * 16),
        },
    }
}

fn bytes_size<T: ByteArrayType>(array: &GenericByteArray<T>) -> usize {
    let (start, end) = span(array.value_offsets());
    4 * (array.len() + 1) + (end - start)
}

fn list_size<O: OffsetSizeTrait>(array: &GenericListArray<O>) -> usize {
    let (start, end) = span(array.value_offsets());
    4 * (array.len() + 1) + array_size(&array.values().slice(start, end - start))
}

fn string_view_size(array: &StringViewArray) -> usize {
    4 * (array.len() + 1) + array.lengths().map(|length| length as usize).sum::<usize>()
}

fn binary_view_size(array: &BinaryViewArray) -> usize {
    4 * (array.len() + 1) + array.lengths().map(|length| length as usize).sum::<usize>()
}

/// Counts each row with the size of the value it refers to.
fn dictionary_size(array: &ArrayRef) -> usize {
    let dictionary = array.as_any_dictionary();
    let values = dictionary.values();
    if let Some(width) = values.data_type().primitive_width() {
        return array.len() * width;
    }
    let sizes: Vec<usize> =
        (0..values.len()).map(|row| array_size(&values.slice(row, 1))).collect();
    if sizes.is_empty() {
        return 4 * array.len();
    }
    dictionary.normalized_keys().into_iter().map(|key| sizes.get(key).copied().unwrap_or(0)).sum()
}

fn span<O: OffsetSizeTrait>(offsets: &[O]) -> (usize, usize) {
    match (offsets.first(), offsets.last()) {
        (Some(first), Some(last)) => (first.as_usize(), last.as_usize()),
        _ => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        BinaryArray, DictionaryArray, Int64Array, ListArray, StringArray, StringViewArray,
    };
    use arrow::datatypes::{Int32Type, Int64Type};

    use super::*;

    #[test]
    fn a_slice_counts_only_its_own_rows() {
        let values: Vec<String> = (0..1000).map(|row| "x".repeat(row)).collect();
        let array: ArrayRef = Arc::new(StringArray::from_iter_values(&values));
        assert_eq!(array_size(&array.slice(10, 1)), 8 + 10);
        assert_eq!(array_size(&array.slice(0, 0)), 4);
        let views: ArrayRef = Arc::new(StringViewArray::from_iter_values(&values));
        assert_eq!(array_size(&views.slice(500, 2)), 12 + 1001);
    }

    #[test]
    fn numbers_and_nulls_are_counted() {
        let array: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]));
        assert_eq!(array_size(&array), 1 + 24);
    }

    #[test]
    fn lists_count_the_children_they_refer_to() {
        let list = ListArray::from_iter_primitive::<Int64Type, _, _>(
            (0..100).map(|row| Some(vec![Some(row); 10])),
        );
        let array: ArrayRef = Arc::new(list);
        assert_eq!(array_size(&array.slice(50, 2)), 12 + 160);
    }

    #[test]
    fn dictionaries_count_as_plain_values() {
        let array: DictionaryArray<Int32Type> = ["aaaa", "b", "aaaa"].into_iter().collect();
        let array: ArrayRef = Arc::new(array);
        assert_eq!(array_size(&array), (8 + 4) + (8 + 1) + (8 + 4));
    }

    #[test]
    fn empty_arrays_are_small() {
        let array: ArrayRef = Arc::new(BinaryArray::from_iter_values(Vec::<&[u8]>::new()));
        assert!(array_size(&array) <= 4);
    }
}
