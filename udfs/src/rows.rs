//! Rows of arguments and the loops that turn them into a column.
//!
//! A row function is a closure, so it is inlined into the one loop of its function.

use std::borrow::Cow;
use std::ptr;
use std::sync::Arc;

use arrow::array::{
    BooleanArray, Float64Array, Float64Builder, Int32Array, Int64Array, Int64Builder, ListBuilder,
};
use godwit_geometry::{GeometryError, WkbColumn};

use crate::answers::{Answers, BytesAnswers, RepeatedTexts};
use crate::function::Evaluated;
use crate::outcome::Outcome;
use crate::sets::Lists;

/// The length of a point of X and Y, which is taken for the length of values not yet known.
pub(crate) const POINT_SIZE: usize = 21;

/// Rows of one argument, or of several side by side; a row is null when any of them is null.
pub(crate) trait Rows {
    /// What one row holds.
    type Item;

    /// Returns how many rows the result has.
    fn row_count(&self) -> usize;

    /// Returns the values of a row, unless one of them is null.
    fn get(&self, row: usize) -> Result<Option<Self::Item>, GeometryError>;

    /// Calls a function with the values of every row in order, nothing where one of them is null.
    #[inline]
    fn for_each(
        &self,
        mut visit: impl FnMut(usize, Option<Self::Item>) -> Result<(), GeometryError>,
    ) -> Result<(), GeometryError> {
        for row in 0..self.row_count() {
            visit(row, self.get(row)?)?;
        }
        Ok(())
    }

    /// Returns the column of geometries that the first argument is, if it is one.
    fn source(&self) -> Option<WkbColumn<'_>> {
        None
    }

    /// Returns the answers of a function, one for each row.
    #[inline]
    fn answers<T: Default, O: Outcome<T>>(
        &self,
        function: impl Fn(Self::Item) -> O,
    ) -> Result<Answers<T>, GeometryError> {
        let mut answers = Answers::with_capacity(self.row_count());
        self.for_each(|_, item| {
            answers.push(answer(item, &function)?);
            Ok(())
        })?;
        Ok(answers)
    }

    /// Returns a column of doubles.
    #[inline]
    fn map_f64<O: Outcome<f64>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let (values, nulls) = self.answers(function)?.finish();
        Ok(Arc::new(Float64Array::new(values.into(), nulls)))
    }

    /// Returns a column of 32-bit integers.
    #[inline]
    fn map_i32<O: Outcome<i32>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let (values, nulls) = self.answers(function)?.finish();
        Ok(Arc::new(Int32Array::new(values.into(), nulls)))
    }

    /// Returns a column of 64-bit integers.
    #[inline]
    fn map_i64<O: Outcome<i64>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let (values, nulls) = self.answers(function)?.finish();
        Ok(Arc::new(Int64Array::new(values.into(), nulls)))
    }

    /// Returns a column of truth values.
    #[inline]
    fn map_bool<O: Outcome<bool>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let (values, nulls) = self.answers(function)?.finish_bits();
        Ok(Arc::new(BooleanArray::new(values, nulls)))
    }

    /// Returns a column of texts.
    #[inline]
    fn map_text<O: Outcome<String>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut answers = BytesAnswers::new(self.row_count(), 0);
        self.for_each(|_, item| {
            answers.push(answer(item, &function)?.as_deref().map(str::as_bytes))
        })?;
        answers.finish_text()
    }

    /// Returns a column of texts that are the same for many rows.
    #[inline]
    fn map_str<O: Outcome<&'static str>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut answers = RepeatedTexts::default();
        self.for_each(|_, item| {
            answers.push(answer(item, &function)?);
            Ok(())
        })?;
        answers.finish()
    }

    /// Returns a column of texts that the function appends to an empty one.
    #[inline]
    fn map_written_text<O: Outcome<()>>(
        &self,
        function: impl Fn(Self::Item, &mut String) -> O,
    ) -> Evaluated {
        let mut answers = BytesAnswers::new(self.row_count(), 0);
        let mut text = String::new();
        self.for_each(|_, item| {
            text.clear();
            let is_text = answer(item, |item| function(item, &mut text).into_outcome())?;
            answers.push(is_text.map(|()| text.as_bytes()))
        })?;
        answers.finish_text()
    }

    /// Returns a column of geometries or other bytes.
    #[inline]
    fn map_bytes<O: Outcome<Vec<u8>>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut answers = BytesAnswers::new(self.row_count(), POINT_SIZE * self.row_count());
        self.for_each(|_, item| answers.push(answer(item, &function)?.as_deref()))?;
        answers.finish()
    }

    /// Returns a column of points of X and Y, without allocating for each.
    #[inline]
    fn map_point<O: Outcome<[u8; POINT_SIZE]>>(
        &self,
        function: impl Fn(Self::Item) -> O,
    ) -> Evaluated {
        self.answers(function)?.finish_points()
    }

    /// Returns a column of geometries that the function appends to bytes, without allocating for
    /// each.
    #[inline]
    fn map_appended<O: Outcome<()>>(
        &self,
        function: impl Fn(Self::Item, &mut Vec<u8>) -> O,
    ) -> Evaluated {
        let size = self.source().map_or(POINT_SIZE * self.row_count(), WkbColumn::byte_count);
        let mut answers = BytesAnswers::new(self.row_count(), size);
        self.for_each(|_, item| {
            answers.append(|bytes| answer(item, |item| function(item, bytes).into_outcome()))
        })?;
        answers.finish()
    }

    /// Returns a column of bytes that are often those of the first argument, which is the answer
    /// itself when they all are.
    #[inline]
    fn map_borrowed<'b, O: Outcome<Cow<'b, [u8]>>>(
        &self,
        function: impl Fn(Self::Item) -> O,
    ) -> Evaluated {
        let source = self.source();
        let mut changed: Option<BytesAnswers> = None;
        self.for_each(|row, item| {
            let bytes = answer(item, &function)?;
            if let Some(answers) = &mut changed {
                return answers.push(bytes.as_deref());
            }
            let given = source.and_then(|source| source.get(row));
            let is_same = match (&bytes, given) {
                (Some(Cow::Borrowed(bytes)), Some(given)) => ptr::eq(*bytes, given),
                (None, None) => source.is_some(),
                _ => false,
            };
            if is_same {
                return Ok(());
            }
            let size = source.map_or(POINT_SIZE * self.row_count(), WkbColumn::byte_count);
            let answers = changed.insert(BytesAnswers::new(self.row_count(), size));
            for row in 0..row {
                answers.push(source.and_then(|source| source.get(row)))?;
            }
            answers.push(bytes.as_deref())
        })?;
        match (changed, source) {
            (Some(answers), _) => answers.finish(),
            (None, Some(source)) => Ok(source.to_array()),
            (None, None) => BytesAnswers::new(0, 0).finish(),
        }
    }

    /// Returns a column of lists of 64-bit integers.
    fn map_i64_list<O: Outcome<Vec<i64>>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut builder = ListBuilder::new(Int64Builder::new());
        for row in 0..self.row_count() {
            let list = answer(self.get(row)?, &function)?;
            builder.values().append_slice(list.as_deref().unwrap_or_default());
            builder.append(list.is_some());
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Returns a column of lists of doubles.
    fn map_f64_list<O: Outcome<Vec<f64>>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut builder = ListBuilder::new(Float64Builder::new());
        for row in 0..self.row_count() {
            let list = answer(self.get(row)?, &function)?;
            builder.values().append_slice(list.as_deref().unwrap_or_default());
            builder.append(list.is_some());
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Returns a column of lists of texts.
    fn map_text_list<O: Outcome<Vec<String>>>(
        &self,
        function: impl Fn(Self::Item) -> O,
    ) -> Evaluated {
        let mut lists = Lists::new(self.row_count());
        let (mut texts, mut count) = (BytesAnswers::new(0, 0), 0);
        for row in 0..self.row_count() {
            let list = answer(self.get(row)?, &function)?;
            for text in list.iter().flatten() {
                texts.push(Some(text.as_bytes()))?;
                count += 1;
            }
            lists.end(count, list.is_some())?;
        }
        lists.finish(texts.finish_text()?)
    }
}

/// Returns what a row function answers, null for a null row.
#[inline]
fn answer<I, T, O: Outcome<T>>(
    item: Option<I>,
    function: impl FnOnce(I) -> O,
) -> Result<Option<T>, GeometryError> {
    match item {
        Some(item) => function(item).into_outcome(),
        None => Ok(None),
    }
}

impl<A: Rows, B: Rows> Rows for (A, B) {
    type Item = (A::Item, B::Item);

    fn row_count(&self) -> usize {
        self.0.row_count()
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<Self::Item>, GeometryError> {
        let (Some(first), Some(second)) = (self.0.get(row)?, self.1.get(row)?) else {
            return Ok(None);
        };
        Ok(Some((first, second)))
    }

    #[inline]
    fn for_each(
        &self,
        mut visit: impl FnMut(usize, Option<Self::Item>) -> Result<(), GeometryError>,
    ) -> Result<(), GeometryError> {
        self.0.for_each(|row, first| {
            let Some(first) = first else { return visit(row, None) };
            let second = self.1.get(row)?;
            visit(row, second.map(|second| (first, second)))
        })
    }

    fn source(&self) -> Option<WkbColumn<'_>> {
        self.0.source()
    }
}

impl<A: Rows, B: Rows, C: Rows> Rows for (A, B, C) {
    type Item = (A::Item, B::Item, C::Item);

    fn row_count(&self) -> usize {
        self.0.row_count()
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<Self::Item>, GeometryError> {
        let (Some(first), Some(second), Some(third)) =
            (self.0.get(row)?, self.1.get(row)?, self.2.get(row)?)
        else {
            return Ok(None);
        };
        Ok(Some((first, second, third)))
    }

    #[inline]
    fn for_each(
        &self,
        mut visit: impl FnMut(usize, Option<Self::Item>) -> Result<(), GeometryError>,
    ) -> Result<(), GeometryError> {
        self.0.for_each(|row, first| {
            let Some(first) = first else { return visit(row, None) };
            let (Some(second), Some(third)) = (self.1.get(row)?, self.2.get(row)?) else {
                return visit(row, None);
            };
            visit(row, Some((first, second, third)))
        })
    }

    fn source(&self) -> Option<WkbColumn<'_>> {
        self.0.source()
    }
}

impl<A: Rows, B: Rows, C: Rows, D: Rows> Rows for (A, B, C, D) {
    type Item = (A::Item, B::Item, C::Item, D::Item);

    fn row_count(&self) -> usize {
        self.0.row_count()
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<Self::Item>, GeometryError> {
        let (Some(first), Some(second), Some(third), Some(fourth)) =
            (self.0.get(row)?, self.1.get(row)?, self.2.get(row)?, self.3.get(row)?)
        else {
            return Ok(None);
        };
        Ok(Some((first, second, third, fourth)))
    }
}
