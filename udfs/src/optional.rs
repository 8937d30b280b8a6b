//! Arguments that a call may leave out, read as rows like all others.

use arrow::array::{Array, ArrayRef, AsArray as _, BooleanArray, Float64Array, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type};
use godwit_geometry::GeometryError;

use crate::arguments::Arguments;
use crate::column::{Geometries, Values};
use crate::rows::Rows;

/// Rows of an argument, or the same value in every row when it was left out.
#[derive(Debug)]
pub(crate) struct OrElse<V: Rows> {
    given: Option<V>,
    default: V::Item,
    /// Whether the value also stands in for nulls; otherwise they make the result null.
    for_nulls: bool,
    row_count: usize,
}

impl<V: Rows> OrElse<V> {
    /// Returns the rows with the value in place of nulls.
    pub(crate) fn for_nulls(mut self) -> Self {
        self.for_nulls = true;
        self
    }
}

impl<V: Rows> Rows for OrElse<V>
where
    V::Item: Clone,
{
    type Item = V::Item;

    fn row_count(&self) -> usize {
        self.row_count
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<V::Item>, GeometryError> {
        let Some(given) = &self.given else {
            return Ok(Some(self.default.clone()));
        };
        let value = given.get(row)?;
        Ok(if self.for_nulls { value.or_else(|| Some(self.default.clone())) } else { value })
    }
}

/// Rows of an argument of which nulls count as left out.
#[derive(Debug)]
pub(crate) struct Maybe<V> {
    given: Option<V>,
    row_count: usize,
}

impl<V: Rows> Rows for Maybe<V> {
    type Item = Option<V::Item>;

    fn row_count(&self) -> usize {
        self.row_count
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<Option<V::Item>>, GeometryError> {
        match &self.given {
            Some(given) => given.get(row).map(Some),
            None => Ok(Some(None)),
        }
    }
}

impl<'a> Arguments<'a> {
    /// Returns the numbers of an argument, or one for all rows when it was left out.
    pub(crate) fn float_or(
        &self,
        index: usize,
        default: f64,
    ) -> Result<OrElse<Values<'a, Float64Array>>, GeometryError> {
        let given = self.given(index, Self::float)?;
        Ok(OrElse { given, default, for_nulls: false, row_count: self.row_count })
    }

    /// Returns the whole numbers of an argument, or one for all rows when it was left out.
    pub(crate) fn integer_or(
        &self,
        index: usize,
        default: i64,
    ) -> Result<OrElse<Values<'a, Int64Array>>, GeometryError> {
        let given = self.given(index, Self::integer)?;
        Ok(OrElse { given, default, for_nulls: false, row_count: self.row_count })
    }

    /// Returns the truth values of an argument, or one for all rows when it was left out.
    pub(crate) fn boolean_or(
        &self,
        index: usize,
        default: bool,
    ) -> Result<OrElse<Values<'a, BooleanArray>>, GeometryError> {
        let given = self.given(index, Self::boolean)?;
        Ok(OrElse { given, default, for_nulls: false, row_count: self.row_count })
    }

    /// Returns the texts of an argument, or one for all rows when it was left out.
    pub(crate) fn text_or(
        &self,
        index: usize,
        default: &'a str,
    ) -> Result<OrElse<Values<'a, dyn Array>>, GeometryError> {
        let given = self.given(index, Self::text)?;
        Ok(OrElse { given, default, for_nulls: false, row_count: self.row_count })
    }

    /// Returns the geometries of an argument, nothing where it is null or was left out.
    pub(crate) fn maybe_geometry(
        &self,
        index: usize,
    ) -> Result<Maybe<Geometries<'a>>, GeometryError> {
        let given = self.given(index, Self::geometry)?;
        Ok(Maybe { given, row_count: self.row_count })
    }

    /// Returns the numbers of an argument, nothing where it is null or was left out.
    pub(crate) fn maybe_float(
        &self,
        index: usize,
    ) -> Result<Maybe<Values<'a, Float64Array>>, GeometryError> {
        let given = self.given(index, Self::float)?;
        Ok(Maybe { given, row_count: self.row_count })
    }

    /// Returns the whole numbers of an argument, nothing where it is null or was left out.
    pub(crate) fn maybe_integer(
        &self,
        index: usize,
    ) -> Result<Maybe<Values<'a, Int64Array>>, GeometryError> {
        let given = self.given(index, Self::integer)?;
        Ok(Maybe { given, row_count: self.row_count })
    }

    /// Returns the truth values of an argument, nothing where it is null or was left out.
    pub(crate) fn maybe_boolean(
        &self,
        index: usize,
    ) -> Result<Maybe<Values<'a, BooleanArray>>, GeometryError> {
        let given = self.given(index, Self::boolean)?;
        Ok(Maybe { given, row_count: self.row_count })
    }

    /// Returns the lists of whole numbers of an argument, one for each row.
    pub(crate) fn integer_lists(
        &self,
        index: usize,
    ) -> Result<Vec<Option<Vec<i64>>>, GeometryError> {
        let wanted = DataType::new_list(DataType::Int64, true);
        let array: ArrayRef = cast(self.array(index)?, &wanted)
            .map_err(|error| GeometryError::InvalidArgument { reason: error.to_string() })?;
        let lists = array.as_list_opt::<i32>().ok_or_else(|| self.wrong_type(index))?;
        let numbers = |list: ArrayRef| {
            let numbers = list.as_primitive_opt::<Int64Type>();
            numbers.map(|numbers| numbers.iter().flatten().collect()).unwrap_or_default()
        };
        Ok(lists.iter().map(|list| list.map(numbers)).collect())
    }

    fn given<V>(
        &self,
        index: usize,
        read: impl FnOnce(&Self, usize) -> Result<V, GeometryError>,
    ) -> Result<Option<V>, GeometryError> {
        if index < self.len() { read(self, index).map(Some) } else { Ok(None) }
    }
}
