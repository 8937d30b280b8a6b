//! The answers of a function for a batch of rows, on their way to becoming a column.

use std::ptr;
use std::sync::Arc;

use arrow::array::builder::NullBufferBuilder;
use arrow::array::{BinaryArray, StringArray};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer};
use godwit_geometry::GeometryError;

use crate::function::Evaluated;

/// Values of a fixed size, or nulls.
#[derive(Debug)]
pub(crate) struct Answers<T> {
    values: Vec<T>,
    nulls: NullBufferBuilder,
}

impl<T: Default> Answers<T> {
    /// Returns no answers, with room for some.
    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self { values: Vec::with_capacity(rows), nulls: NullBufferBuilder::new(rows) }
    }

    /// Adds the answer for the next row.
    #[inline]
    pub(crate) fn push(&mut self, value: Option<T>) {
        if let Some(value) = value {
            self.values.push(value);
            self.nulls.append_non_null();
        } else {
            self.values.push(T::default());
            self.nulls.append_null();
        }
    }

    /// Returns the values and which of them are null.
    pub(crate) fn finish(mut self) -> (Vec<T>, Option<NullBuffer>) {
        (self.values, self.nulls.finish())
    }
}

/// Bytes, or nulls.
#[derive(Debug)]
pub(crate) struct BytesAnswers {
    values: Vec<u8>,
    /// Where each answer starts, and where the last one ends.
    offsets: Vec<i32>,
    nulls: NullBufferBuilder,
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
        let nulls = NullBufferBuilder::new(rows);
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
        self.offsets.push(end);
        if self.offsets.len() == SAMPLE_ROWS {
            // What grows step by step is copied at every step.
            let left = self.rows.saturating_sub(SAMPLE_ROWS);
            let expected = (self.values.len() / SAMPLE_ROWS).saturating_mul(left);
            self.values.reserve(expected.min(MOST_RESERVED));
        }
        if is_value {
            self.nulls.append_non_null();
        } else {
            self.nulls.append_null();
        }
        Ok(())
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
        (OffsetBuffer::new(self.offsets.into()), self.values.into(), self.nulls.finish())
    }
}

/// Texts that are the same for many rows, or nulls.
#[derive(Debug)]
pub(crate) struct RepeatedTexts {
    values: String,
    /// Where each text starts, and where the last one ends.
    offsets: Vec<i32>,
    nulls: NullBufferBuilder,
    /// The text of the last rows, its length, and how many of them are not written yet.
    last: (&'static str, i32, usize),
}

impl RepeatedTexts {
    /// Returns no texts, with room for some.
    pub(crate) fn with_capacity(rows: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        let nulls = NullBufferBuilder::new(rows);
        Self { values: String::new(), offsets, nulls, last: ("", 0, 0) }
    }

    /// Adds the text of the next row.
    #[inline]
    pub(crate) fn push(&mut self, text: Option<&'static str>) -> Result<(), GeometryError> {
        let end = self.offsets.last().copied().unwrap_or_default();
        let Some(text) = text else {
            self.offsets.push(end);
            self.nulls.append_null();
            return Ok(());
        };
        if !ptr::eq(text, self.last.0) {
            self.write();
            self.last = (text, i32::try_from(text.len()).unwrap_or(i32::MAX), 0);
        }
        self.last.2 += 1;
        self.offsets.push(end.checked_add(self.last.1).ok_or_else(too_large)?);
        self.nulls.append_non_null();
        Ok(())
    }

    /// Writes the text of the last rows as often as it came.
    fn write(&mut self) {
        let (text, _, count) = self.last;
        self.values.push_str(&text.repeat(count));
    }

    /// Returns the column.
    pub(crate) fn finish(mut self) -> Evaluated {
        self.write();
        let offsets = OffsetBuffer::new(self.offsets.into());
        let values = Buffer::from(self.values.into_bytes());
        let texts = StringArray::try_new(offsets, values, self.nulls.finish());
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
        let rows = [Some("a"), Some("a"), None, Some("a"), Some("bc"), None, Some("a")];
        let mut texts = RepeatedTexts::with_capacity(rows.len());
        for row in rows {
            texts.push(row).unwrap();
        }
        let texts = texts.finish().unwrap();
        let texts: Vec<Option<&str>> = texts.as_string::<i32>().iter().collect();
        assert_eq!(texts, rows);
        assert!(RepeatedTexts::with_capacity(0).finish().unwrap().is_empty());
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
