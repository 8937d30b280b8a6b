//! One argument of a batch, read row by row: a column or one value for all rows.

use std::ops::Range;

use arrow::array::{
    Array, ArrayRef, AsArray as _, BooleanArray, Float64Array, Int64Array, ListArray,
};
use godwit_geometry::{Geometry, GeometryError, Kinds, WkbColumn, interrupt};

use crate::rows::Rows;

/// How many rows are read at a time: what fits into the nearest cache.
const CHUNK_ROWS: usize = 256;

/// Geometries of a batch.
#[derive(Debug)]
pub(crate) enum Geometries<'a> {
    /// The same geometry in every row.
    Constant(Option<Geometry<'a>>, usize),
    /// One geometry a row, of the kinds that the function knows.
    Column(WkbColumn<'a>, Kinds),
}

impl<'a> Geometries<'a> {
    /// Returns the geometry all rows share.
    pub(crate) fn constant(&self) -> Option<Geometry<'a>> {
        match self {
            Self::Constant(geometry, _) => *geometry,
            Self::Column(..) => None,
        }
    }

    /// Reads the geometries of the rows from one on, as many as are read at a time.
    fn read(
        &self,
        start: usize,
        geometries: &mut Vec<Option<Geometry<'a>>>,
    ) -> Result<(), GeometryError> {
        let end = self.row_count().min(start + CHUNK_ROWS);
        match self {
            Self::Constant(geometry, _) => {
                geometries.extend((start..end).map(|_| *geometry));
                Ok(())
            }
            Self::Column(column, kinds) => column.read(start..end, *kinds, geometries),
        }
    }
}

impl<'a> Rows for Geometries<'a> {
    type Item = Geometry<'a>;

    fn row_count(&self) -> usize {
        match self {
            Self::Constant(_, rows) => *rows,
            Self::Column(column, _) => column.len(),
        }
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<Geometry<'a>>, GeometryError> {
        match self {
            Self::Constant(geometry, _) => Ok(*geometry),
            Self::Column(column, kinds) => column.geometry_of(row, *kinds),
        }
    }

    /// A function is called from one place, with geometries that were read some rows at a time.
    #[inline]
    fn for_each(
        &self,
        mut visit: impl FnMut(usize, Option<Geometry<'a>>) -> Result<(), GeometryError>,
    ) -> Result<(), GeometryError> {
        let mut chunk = Vec::with_capacity(CHUNK_ROWS.min(self.row_count()));
        let mut start = 0;
        while start < self.row_count() {
            interrupt::check()?;
            let read = self.read(start, &mut chunk);
            for (row, geometry) in (start..).zip(&chunk) {
                visit(row, *geometry)?;
            }
            read?;
            chunk.clear();
            start += CHUNK_ROWS;
        }
        Ok(())
    }

    fn source(&self) -> Option<WkbColumn<'_>> {
        match self {
            Self::Constant(..) => None,
            Self::Column(column, _) => Some(*column),
        }
    }
}

/// Lists of geometries of a batch; nulls inside of lists are left out.
#[derive(Debug)]
pub(crate) struct GeometryLists<'a> {
    pub(super) lists: &'a ListArray,
    pub(super) items: WkbColumn<'a>,
    pub(super) kinds: Kinds,
    pub(super) repeated: Option<usize>,
}

impl<'a> GeometryLists<'a> {
    /// Returns the same lists with the nulls inside of them.
    pub(crate) fn with_nulls(self) -> NullableGeometryLists<'a> {
        NullableGeometryLists(self)
    }

    /// Returns where the items of a row's list are; nothing for null.
    fn places(&self, row: usize) -> Option<Range<usize>> {
        let row = if self.repeated.is_some() { 0 } else { row };
        let offsets = self.lists.value_offsets();
        let (start, end) = (offsets.get(row)?, offsets.get(row + 1)?);
        if self.lists.is_null(row) {
            return None;
        }
        Some(usize::try_from(*start).unwrap_or(0)..usize::try_from(*end).unwrap_or(0))
    }
}

impl<'a> Rows for GeometryLists<'a> {
    type Item = Vec<Geometry<'a>>;

    fn row_count(&self) -> usize {
        self.repeated.unwrap_or_else(|| self.lists.len())
    }

    fn get(&self, row: usize) -> Result<Option<Self::Item>, GeometryError> {
        let Some(places) = self.places(row) else { return Ok(None) };
        let mut geometries = Vec::new();
        for item in places {
            geometries.extend(self.items.geometry_of(item, self.kinds)?);
        }
        Ok(Some(geometries))
    }
}

/// Lists of geometries of a batch, with the nulls inside of them.
#[derive(Debug)]
pub(crate) struct NullableGeometryLists<'a>(GeometryLists<'a>);

impl<'a> Rows for NullableGeometryLists<'a> {
    type Item = Vec<Option<Geometry<'a>>>;

    fn row_count(&self) -> usize {
        self.0.row_count()
    }

    fn get(&self, row: usize) -> Result<Option<Self::Item>, GeometryError> {
        let Some(places) = self.0.places(row) else { return Ok(None) };
        let items = places.map(|item| self.0.items.geometry_of(item, self.0.kinds));
        items.collect::<Result<_, _>>().map(Some)
    }
}

/// Bytes of a batch.
#[derive(Debug)]
pub(crate) struct Bytes<'a> {
    pub(super) column: WkbColumn<'a>,
    pub(super) repeated: Option<usize>,
}

impl<'a> Rows for Bytes<'a> {
    type Item = &'a [u8];

    fn row_count(&self) -> usize {
        self.repeated.unwrap_or_else(|| self.column.len())
    }

    fn get(&self, row: usize) -> Result<Option<&'a [u8]>, GeometryError> {
        Ok(self.column.get(if self.repeated.is_some() { 0 } else { row }))
    }
}

/// Lists of numbers or texts of a batch.
#[derive(Debug)]
pub(crate) struct Lists<'a> {
    pub(super) lists: &'a ListArray,
    pub(super) repeated: Option<usize>,
}

impl Rows for Lists<'_> {
    type Item = ArrayRef;

    fn row_count(&self) -> usize {
        self.repeated.unwrap_or_else(|| self.lists.len())
    }

    fn get(&self, row: usize) -> Result<Option<ArrayRef>, GeometryError> {
        let row = if self.repeated.is_some() { 0 } else { row };
        let is_valid = row < self.lists.len() && self.lists.is_valid(row);
        Ok(is_valid.then(|| self.lists.value(row)))
    }
}

/// Numbers, truth values or texts of a batch.
#[derive(Debug)]
pub(crate) struct Values<'a, A: ?Sized> {
    pub(super) array: &'a A,
    pub(super) repeated: Option<usize>,
}

impl<A: Array + ?Sized> Values<'_, A> {
    /// Returns how many rows the result has.
    fn rows(&self) -> usize {
        self.repeated.unwrap_or_else(|| self.array.len())
    }

    /// Returns the index of a row in the array, unless it is null there.
    #[inline]
    fn valid_index(&self, row: usize) -> Option<usize> {
        let index = if self.repeated.is_some() { 0 } else { row };
        (index < self.array.len() && self.array.is_valid(index)).then_some(index)
    }
}

impl Rows for Values<'_, Float64Array> {
    type Item = f64;

    fn row_count(&self) -> usize {
        self.rows()
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<f64>, GeometryError> {
        Ok(self.valid_index(row).map(|index| self.array.value(index)))
    }
}

/// Several numbers of a row side by side.
#[derive(Debug)]
pub(crate) struct Numbers<'a, const N: usize> {
    pub(super) columns: Vec<Values<'a, Float64Array>>,
}

impl<const N: usize> Rows for Numbers<'_, N> {
    type Item = [f64; N];

    fn row_count(&self) -> usize {
        self.columns.first().map_or(0, Values::rows)
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<[f64; N]>, GeometryError> {
        let mut numbers = [0.0; N];
        for (number, column) in numbers.iter_mut().zip(&self.columns) {
            let Some(value) = column.get(row)? else {
                return Ok(None);
            };
            *number = value;
        }
        Ok(Some(numbers))
    }
}

impl Rows for Values<'_, Int64Array> {
    type Item = i64;

    fn row_count(&self) -> usize {
        self.rows()
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<i64>, GeometryError> {
        Ok(self.valid_index(row).map(|index| self.array.value(index)))
    }
}

impl Rows for Values<'_, BooleanArray> {
    type Item = bool;

    fn row_count(&self) -> usize {
        self.rows()
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<bool>, GeometryError> {
        Ok(self.valid_index(row).map(|index| self.array.value(index)))
    }
}

impl<'a> Rows for Values<'a, dyn Array> {
    type Item = &'a str;

    fn row_count(&self) -> usize {
        self.rows()
    }

    #[inline]
    fn get(&self, row: usize) -> Result<Option<&'a str>, GeometryError> {
        let Some(index) = self.valid_index(row) else {
            return Ok(None);
        };
        if let Some(array) = self.array.as_string_opt::<i32>() {
            return Ok(Some(array.value(index)));
        }
        if let Some(array) = self.array.as_string_view_opt() {
            return Ok(Some(array.value(index)));
        }
        Ok(self.array.as_string_opt::<i64>().map(|array| array.value(index)))
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use arrow::array::BinaryArray;
    use arrow::datatypes::Float64Type;
    use godwit_geometry::{to_iso, write};

    use super::*;

    fn points(count: u16) -> BinaryArray {
        let point = |row: u16| write::point_xy(f64::from(row), 0.0);
        (0..count).map(|row| (row % 7 != 0).then(|| point(row))).collect()
    }

    fn replaced(point: Geometry<'_>) -> Option<Cow<'_, [u8]>> {
        match point.point_xy() {
            Some([x, _]) if x < 400.0 => Some(to_iso(point)),
            Some([400.0, _]) => None,
            _ => Some(Cow::Borrowed(b"new")),
        }
    }

    #[test]
    fn more_rows_than_are_read_at_a_time_keep_their_order() {
        let array = points(600);
        let rows = Geometries::Column(WkbColumn::Binary(&array), Kinds::Basic);
        let found = rows.map_f64(|point| point.point_xy().map(|[x, _]| x)).unwrap();
        let found = found.as_primitive::<Float64Type>();
        for row in 0..600 {
            assert_eq!(found.is_null(row), row % 7 == 0);
            assert!(found.is_null(row) || found.value(row) == row as f64);
        }
    }

    #[test]
    fn a_column_that_stays_as_it_is_is_not_copied() {
        let array = points(600);
        let rows = Geometries::Column(WkbColumn::Binary(&array), Kinds::Basic);
        let same = rows.map_borrowed(to_iso).unwrap();
        assert_eq!(same.as_binary::<i32>().value_data().as_ptr(), array.value_data().as_ptr());
        let late = rows.map_borrowed(replaced).unwrap();
        let late = late.as_binary::<i32>();
        assert_eq!(late.value(1), array.value(1));
        assert!(late.is_null(0) && late.is_null(400));
        assert_eq!(late.value(401), b"new");
    }
}
