//! The answers of a function for a batch of rows, on their way to becoming a column.

use std::iter::repeat_n;
use std::ptr;
use std::sync::Arc;

use arrow::array::builder::NullBufferBuilder;
use arrow::array::{BinaryArray, StringArray};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer};
use godwit_geometry::GeometryError;

use crate::function::Evaluated;
use crate::rows::POINT_SIZE;

/// Which rows are null; only these are told one by one.
#[derive(Debug)]
struct Nulls(NullBufferBuilder);

impl Nulls {
    fn with_capacity(rows: usize) -> Self {
        Self(NullBufferBuilder::new(rows))
    }

    /// Takes a row for null; those since the last one are not.
    #[cold]
    fn add(&mut self, row: usize) {
        self.pass(row);
        self.0.append_null();
    }

    fn pass(&mut self, row: usize) {
        self.0.append_n_non_nulls(row.saturating_sub(self.0.len()));
    }

    /// Returns which rows are null, of a number in all.
    fn finish(mut self, rows: usize) -> Option<NullBuffer> {
        self.pass(rows);
        self.0.finish()
    }
}

/// Values of a fixed size, or nulls.
#[derive(Debug)]
pub(crate) struct Answers<T> {
    values: Vec<T>,
    nulls: Nulls,
}

impl<T: Default> Answers<T> {
    /// Returns no answers, with room for some.
    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self { values: Vec::with_capacity(rows), nulls: Nulls::with_capacity(rows) }
    }

    /// Adds the answer for the next row.
    #[inline]
    pub(crate) fn push(&mut self, value: Option<T>) {
        if value.is_none() {
            self.nulls.add(self.values.len());
        }
        self.values.push(value.unwrap_or_default());
    }

    /// Returns the values and which of them are null.
    pub(crate) fn finish(self) -> (Vec<T>, Option<NullBuffer>) {
        let rows = self.values.len();
        (self.values, self.nulls.finish(rows))
    }
}

impl Answers<bool> {
    /// Returns the values as bits, and which of them are null.
    pub(crate) fn finish_bits(self) -> (BooleanBuffer, Option<NullBuffer>) {
        let (values, nulls) = self.finish();
        (bits(&values), nulls)
    }
}

impl Answers<[u8; POINT_SIZE]> {
    /// Returns the column of points, where nulls take no bytes.
    pub(crate) fn finish_points(self) -> Evaluated {
        let (values, nulls) = self.finish();
        let rows = values.len();
        if let Some(nulls) = nulls {
            let mut answers = BytesAnswers::new(rows, POINT_SIZE * rows);
            for (value, is_valid) in values.iter().zip(&nulls) {
                answers.push(is_valid.then_some(value.as_slice()))?;
            }
            return answers.finish();
        }
        let values = values.into_flattened();
        if i32::try_from(values.len()).is_err() {
            return Err(too_large());
        }
        let offsets = OffsetBuffer::from_repeated_length(POINT_SIZE, rows);
        Ok(Arc::new(BinaryArray::new(offsets, values.into(), None)))
    }
}

/// Returns truth values as bits, eight of them at a time.
fn bits(values: &[bool]) -> BooleanBuffer {
    let (groups, rest) = values.as_chunks::<8>();
    let mut bytes: Vec<u8> = Vec::with_capacity(groups.len() + 1);
    bytes.extend(groups.iter().map(|group| byte_of(*group)));
    if !rest.is_empty() {
        let mut group = [false; 8];
        for (place, value) in group.iter_mut().zip(rest) {
            *place = *value;
        }
        bytes.push(byte_of(group));
    }
    BooleanBuffer::new(bytes.into(), 0, values.len())
}

/// Returns truth values as the bits of a byte, the first of them lowest.
#[inline]
fn byte_of(group: [bool; 8]) -> u8 {
    // The product has the lowest bits of all bytes side by side in its highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let product = u64::from_le_bytes(group.map(u8::from)).wrapping_mul(GATHER);
    let [.., highest] = product.to_le_bytes();
    highest
}

/// Bytes, or nulls.
#[derive(Debug)]
pub(crate) struct BytesAnswers {
    values: Vec<u8>,
    /// Where each answer starts, and where the last one ends.
    offsets: Vec<i32>,
    nulls: Nulls,
    /// How many answers there will be.
    rows: usize,
}

/// How many answers tell how long the others are.
const SAMPLE_ROWS: usize = 64;
/// The most bytes that are taken for answers to come.
const MOST_RESERVED: usize = 16 << 20;

impl BytesAnswers {
    /// Returns no answers, with room for a number of them and of bytes in all.
    pub(crate) fn new(rows: usize, bytes: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        let nulls = Nulls::with_capacity(rows);
        Self { values: Vec::with_capacity(bytes), offsets, nulls, rows }
    }

    /// Adds the answer for the next row.
    #[inline]
    pub(crate) fn push(&mut self, bytes: Option<&[u8]>) -> Result<(), GeometryError> {
        self.values.extend_from_slice(bytes.unwrap_or_default());
        self.end_row(bytes.is_some())
    }

    /// Adds the answer that a function appends to the bytes, null when it says so.
    #[inline]
    pub(crate) fn append(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<Option<()>, GeometryError>,
    ) -> Result<(), GeometryError> {
        let start = self.values.len();
        let is_value = write(&mut self.values)?.is_some();
        if !is_value {
            self.values.truncate(start);
        }
        self.end_row(is_value)
    }

    #[inline]
    fn end_row(&mut self, is_value: bool) -> Result<(), GeometryError> {
        let Ok(end) = i32::try_from(self.values.len()) else { return Err(too_large()) };
        if !is_value {
            self.nulls.add(self.offsets.len() - 1);
        }
        self.offsets.push(end);
        if self.offsets.len() == SAMPLE_ROWS {
            self.reserve_expected();
        }
        Ok(())
    }

    /// Takes memory for the answers to come: what grows step by step is copied at every step.
    #[cold]
    fn reserve_expected(&mut self) {
        let left = self.rows.saturating_sub(SAMPLE_ROWS);
        let expected = (self.values.len() / SAMPLE_ROWS).saturating_mul(left);
        self.values.reserve(expected.min(MOST_RESERVED));
    }

    /// Returns the column.
    pub(crate) fn finish(self) -> Evaluated {
        let (offsets, values, nulls) = self.parts();
        let array = BinaryArray::try_new(offsets, values, nulls);
        let array =
            array.map_err(|error| GeometryError::InvalidArgument { reason: error.to_string() })?;
        Ok(Arc::new(array))
    }

    /// Returns the column of bytes that are texts.
    pub(crate) fn finish_text(self) -> Evaluated {
        let (offsets, values, nulls) = self.parts();
        let array = StringArray::try_new(offsets, values, nulls);
        let array =
            array.map_err(|error| GeometryError::InvalidArgument { reason: error.to_string() })?;
        Ok(Arc::new(array))
    }

    fn parts(mut self) -> (OffsetBuffer<i32>, Buffer, Option<NullBuffer>) {
        if self.values.capacity() / 2 > self.values.len() {
            self.values.shrink_to_fit();
        }
        let nulls = self.nulls.finish(self.offsets.len() - 1);
        (OffsetBuffer::new(self.offsets.into()), self.values.into(), nulls)
    }
}

/// Texts that are the same for many rows, or nulls.
#[derive(Debug, Default)]
pub(crate) struct RepeatedTexts {
    /// The texts in order, and how many rows each has.
    runs: Vec<(Option<&'static str>, usize)>,
}

impl RepeatedTexts {
    /// Adds the text of the next row.
    #[inline]
    pub(crate) fn push(&mut self, text: Option<&'static str>) {
        match self.runs.last_mut() {
            Some((last, count)) if last.map(ptr::from_ref) == text.map(ptr::from_ref) => {
                *count += 1;
            }
            _ => self.runs.push((text, 1)),
        }
    }

    /// Returns the column.
    pub(crate) fn finish(self) -> Evaluated {
        let size: usize =
            self.runs.iter().map(|(text, count)| text.map_or(0, str::len) * count).sum();
        if i32::try_from(size).is_err() {
            return Err(too_large());
        }
        if let [(Some(text), count)] = self.runs.as_slice() {
            return Ok(Arc::new(StringArray::new_repeated(text, *count)));
        }
        let rows: usize = self.runs.iter().map(|(_, count)| count).sum();
        let mut values = String::with_capacity(size);
        let mut nulls = NullBufferBuilder::new(rows);
        let mut lengths = Vec::with_capacity(rows);
        for (text, count) in self.runs {
            values.extend(repeat_n(text.unwrap_or_default(), count));
            lengths.extend(repeat_n(text.map_or(0, str::len), count));
            if text.is_some() {
                nulls.append_n_non_nulls(count);
            } else {
                nulls.append_n_nulls(count);
            }
        }
        let offsets = OffsetBuffer::from_lengths(lengths);
        let texts = StringArray::try_new(offsets, values.into_bytes().into(), nulls.finish());
        let texts =
            texts.map_err(|error| GeometryError::InvalidArgument { reason: error.to_string() })?;
        Ok(Arc::new(texts))
    }
}

#[cold]
fn too_large() -> GeometryError {
    GeometryError::InvalidArgument {
        reason: "the results of one batch of rows take more than 2 GB; SET batch_size to fewer \
                 rows"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Array as _, AsArray as _};

    use super::*;

    #[test]
    fn repeated_texts_keep_their_rows() {
        let mixed = [Some("a"), Some("a"), None, Some("a"), Some("bc"), None, None, Some("a")];
        for rows in [&mixed[..], &[Some("ab"); 3], &[None; 2], &[]] {
            let mut texts = RepeatedTexts::default();
            for row in rows {
                texts.push(*row);
            }
            let texts = texts.finish().unwrap();
            let texts: Vec<Option<&str>> = texts.as_string::<i32>().iter().collect();
            assert_eq!(texts, rows);
        }
    }

    #[test]
    fn truth_values_are_their_bits() {
        for count in [0, 1, 7, 8, 9, 64, 67] {
            let values: Vec<bool> = (0..count).map(|row| row % 3 == 0 || row % 7 == 4).collect();
            assert_eq!(bits(&values).iter().collect::<Vec<bool>>(), values);
        }
    }

    #[test]
    fn nulls_are_where_they_were_added() {
        let rows = [None, Some(1), Some(2), None, None, Some(5)];
        for rows in [&rows[..], &rows[1..3], &rows[3..5]] {
            let mut answers = Answers::with_capacity(rows.len());
            for row in rows {
                answers.push(*row);
            }
            let (values, nulls) = answers.finish();
            assert_eq!(values.len(), rows.len());
            for (index, row) in rows.iter().enumerate() {
                let is_null = nulls.as_ref().is_some_and(|nulls| nulls.is_null(index));
                assert_eq!(is_null, row.is_none());
                assert_eq!(values[index], row.unwrap_or_default());
            }
        }
    }

    #[test]
    fn points_are_where_they_were_added() {
        let rows = [Some([1; POINT_SIZE]), None, Some([2; POINT_SIZE]), Some([3; POINT_SIZE])];
        for rows in [&rows[..], &rows[2..], &rows[1..2], &[]] {
            let mut answers = Answers::with_capacity(rows.len());
            for row in rows {
                answers.push(*row);
            }
            let column = answers.finish_points().unwrap();
            let column = column.as_binary::<i32>();
            assert!(
                column
                    .iter()
                    .eq(rows.iter().map(|row| row.as_ref().map(<[u8; POINT_SIZE]>::as_slice)))
            );
            assert!(
                column
                    .nulls()
                    .is_none_or(|nulls| !column.offsets().has_non_empty_nulls(Some(nulls)))
            );
        }
    }

    #[test]
    fn what_was_written_for_a_null_vanishes() {
        let mut answers = BytesAnswers::new(3, 0);
        answers.push(Some(b"ab")).unwrap();
        answers
            .append(|bytes| {
                bytes.push(b'c');
                Ok(None)
            })
            .unwrap();
        answers
            .append(|bytes| {
                bytes.push(b'd');
                Ok(Some(()))
            })
            .unwrap();
        let column = answers.finish().unwrap();
        let column = column.as_binary::<i32>();
        assert_eq!(column.value(0), b"ab");
        assert!(column.is_null(1));
        assert_eq!(column.value(2), b"d");
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_as_such() {
        for (bytes, is_text) in [(&b"\xc3\xa9"[..], true), (&b"\xc3"[..], false)] {
            let mut answers = BytesAnswers::new(1, 0);
            answers.push(Some(bytes)).unwrap();
            assert_eq!(answers.finish_text().is_ok(), is_text);
        }
    }
}
