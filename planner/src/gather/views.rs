//! Texts and bytes behind views, with the memory that they need alone.

use std::sync::Arc;

use arrow::array::builder::GenericByteViewBuilder;
use arrow::array::{Array, ArrayRef, AsArray as _, GenericByteViewArray};
use arrow::buffer::Buffer;
use arrow::datatypes::{BinaryViewType, ByteViewType, DataType, StringViewType};

/// So few bytes may be held by a batch, however few of them it needs.
const FEW_BYTES: usize = 1 << 18;
/// Longer values are never copied.
const MOST_COPIED: usize = 1 << 21;

/// Which values behind views are copied.
#[derive(Debug, Clone, Copy)]
pub(super) enum Copies {
    /// Few bytes of much memory.
    Few,
    /// All, unless they are more than what they are copied from, since rows share them.
    All,
}

impl Copies {
    /// Returns how many bytes are copied of those that are held, if any are.
    fn bytes(self, held: usize, used: impl FnOnce() -> usize) -> Option<usize> {
        let is_copied = |used: &usize| match self {
            Self::Few => *used < MOST_COPIED && *used < held / 4,
            Self::All => *used <= held,
        };
        let is_few = matches!(self, Self::Few) && held < FEW_BYTES;
        (!is_few).then(used).filter(is_copied)
    }
}

/// Returns the values at places (array and row) of arrays of views, NULL at those of no array, if
/// they are to be copied; nothing otherwise, and for other types.
///
/// Views that lead to the memory of the arrays would hold all of it, what is sorted or collected
/// above would count it with every batch, and each batch would list its parts.
pub(super) fn copied(
    arrays: &[&dyn Array],
    places: &[(usize, usize)],
    data_type: &DataType,
    copies: Copies,
) -> Option<ArrayRef> {
    match data_type {
        DataType::BinaryView => copied_as::<BinaryViewType>(arrays, places, copies),
        DataType::Utf8View => copied_as::<StringViewType>(arrays, places, copies),
        _ => None,
    }
}

fn copied_as<T: ByteViewType>(
    arrays: &[&dyn Array],
    places: &[(usize, usize)],
    copies: Copies,
) -> Option<ArrayRef> {
    let arrays = arrays.iter().map(|array| array.as_byte_view_opt::<T>());
    let arrays = arrays.collect::<Option<Vec<_>>>()?;
    let held: usize = arrays.iter().map(|array| held(array)).sum();
    let length_at = |(array, row): &(usize, usize)| {
        let view = arrays.get(*array).and_then(|array| array.views().get(*row));
        view.map_or(0, |view| length(*view))
    };
    let used = copies.bytes(held, || places.iter().map(length_at).sum())?;
    let block = u32::try_from(used.max(1)).ok()?;
    let mut values = GenericByteViewBuilder::<T>::with_capacity(places.len());
    values = values.with_fixed_block_size(block);
    for (array, row) in places {
        match arrays.get(*array).filter(|array| array.is_valid(*row)) {
            Some(array) => values.append_value(array.value(*row)),
            None => values.append_null(),
        }
    }
    Some(Arc::new(values.finish()))
}

/// Returns the bytes that an array of views holds.
fn held<T: ByteViewType>(array: &GenericByteViewArray<T>) -> usize {
    array.data_buffers().iter().map(Buffer::capacity).sum()
}

/// Returns the bytes of a value, which are the first thing in its view.
fn length(view: u128) -> usize {
    (view & u128::from(u32::MAX)) as usize
}

#[cfg(test)]
mod tests {
    use arrow::array::{BinaryViewArray, StringViewArray, new_null_array};
    use arrow::compute::interleave;

    use super::*;

    #[test]
    fn few_bytes_of_much_memory_are_copied() {
        let text = |row: usize| (row % 7 != 3).then(|| format!("{row} {}", "x".repeat(row % 90)));
        let texts = |rows: std::ops::Range<usize>| rows.map(text).collect::<StringViewArray>();
        let (first, second) = (texts(0..8000), texts(8000..16_000));
        let nulls = new_null_array(&DataType::Utf8View, 1);
        let places: Vec<_> =
            (0..500).map(|n| (n * 7 % 3, if n * 7 % 3 == 2 { 0 } else { n * 13 })).collect();
        let gathered =
            copied(&[&first, &second], &places, &DataType::Utf8View, Copies::Few).expect("a copy");
        let expected = interleave(&[&first, &second, &nulls], &places).expect("an array");
        assert_eq!(&gathered, &expected);
        assert!(held(gathered.as_string_view()) < held(&first) / 4);
        assert_eq!(gathered.as_string_view().data_buffers().len(), 1);
    }

    #[test]
    fn what_needs_most_of_its_memory_is_not_copied() {
        let few = StringViewArray::from_iter_values(["a text of more than twelve bytes"]);
        assert!(copied(&[&few], &[(0, 0)], &DataType::Utf8View, Copies::Few).is_none());
        let rows = vec![[7_u8; 100]; 8000];
        let many = BinaryViewArray::from_iter_values(rows.iter().map(|row| &row[..]));
        let all: Vec<_> = (0..8000).map(|row| (0, row)).collect();
        assert!(copied(&[&many], &all, &DataType::BinaryView, Copies::Few).is_none());
        assert!(copied(&[&many], &all[..1000], &DataType::BinaryView, Copies::Few).is_some());
    }
}
