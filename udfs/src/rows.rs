//! Rows of arguments and the loops that turn them into a column.
//!
//! A row function is a closure, so it is inlined into the one loop of its function.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    BinaryBuilder, BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, ListBuilder,
    StringBuilder,
};
use godwit_geometry::GeometryError;

use crate::function::Evaluated;
use crate::outcome::Outcome;

/// Rows of one argument, or of several side by side; a row is null when any of them is null.
pub(crate) trait Rows {
    /// What one row holds.
    type Item;

    /// Returns how many rows the result has.
    fn row_count(&self) -> usize;

    /// Returns the values of a row, unless one of them is null.
    fn get(&self, row: usize) -> Result<Option<Self::Item>, GeometryError>;

    /// Returns a column of doubles.
    #[inline]
    fn map_f64<O: Outcome<f64>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut builder = Float64Builder::with_capacity(self.row_count());
        for row in 0..self.row_count() {
            builder.append_option(answer(self.get(row)?, &function)?);
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Returns a column of 32-bit integers.
    #[inline]
    fn map_i32<O: Outcome<i32>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut builder = Int32Builder::with_capacity(self.row_count());
        for row in 0..self.row_count() {
            builder.append_option(answer(self.get(row)?, &function)?);
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Returns a column of 64-bit integers.
    #[inline]
    fn map_i64<O: Outcome<i64>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut builder = Int64Builder::with_capacity(self.row_count());
        for row in 0..self.row_count() {
            builder.append_option(answer(self.get(row)?, &function)?);
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Returns a column of truth values.
    #[inline]
    fn map_bool<O: Outcome<bool>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut builder = BooleanBuilder::with_capacity(self.row_count());
        for row in 0..self.row_count() {
            builder.append_option(answer(self.get(row)?, &function)?);
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Returns a column of texts.
    #[inline]
    fn map_text<O: Outcome<String>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut builder = StringBuilder::with_capacity(self.row_count(), 0);
        for row in 0..self.row_count() {
            builder.append_option(answer(self.get(row)?, &function)?);
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Returns a column of geometries or other bytes.
    #[inline]
    fn map_bytes<O: Outcome<Vec<u8>>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut builder = BinaryBuilder::with_capacity(self.row_count(), 21 * self.row_count());
        for row in 0..self.row_count() {
            builder.append_option(answer(self.get(row)?, &function)?);
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Returns a column of points of X and Y, without allocating for each.
    #[inline]
    fn map_point<O: Outcome<[u8; 21]>>(&self, function: impl Fn(Self::Item) -> O) -> Evaluated {
        let mut builder = BinaryBuilder::with_capacity(self.row_count(), 21 * self.row_count());
        for row in 0..self.row_count() {
            builder.append_option(answer(self.get(row)?, &function)?);
        }
        Ok(Arc::new(builder.finish()))
    }

    /// Returns a column of bytes that are often part of an argument.
    #[inline]
    fn map_borrowed<'b, O: Outcome<Cow<'b, [u8]>>>(
        &self,
        function: impl Fn(Self::Item) -> O,
    ) -> Evaluated {
        let mut builder = BinaryBuilder::with_capacity(self.row_count(), 21 * self.row_count());
        for row in 0..self.row_count() {
            builder.append_option(answer(self.get(row)?, &function)?);
        }
        Ok(Arc::new(builder.finish()))
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
        let mut builder = ListBuilder::new(StringBuilder::new());
        for row in 0..self.row_count() {
            let list = answer(self.get(row)?, &function)?;
            for text in list.iter().flatten() {
                builder.values().append_value(text);
            }
            builder.append(list.is_some());
        }
        Ok(Arc::new(builder.finish()))
    }
}

/// Returns what a row function answers, null for a null row.
#[inline]
fn answer<I, T, O: Outcome<T>>(
    item: Option<I>,
    function: impl Fn(I) -> O,
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
