//! A column of WKB, whichever of the Arrow binary layouts holds it.

use arrow::array::{Array, BinaryArray, BinaryViewArray, LargeBinaryArray};

use crate::{Geometry, GeometryError};

/// A column of WKB, whichever of the Arrow binary layouts holds it.
#[derive(Debug, Clone, Copy)]
pub enum WkbColumn<'a> {
    /// Offsets of 32 bits.
    Binary(&'a BinaryArray),
    /// Offsets of 64 bits.
    LargeBinary(&'a LargeBinaryArray),
    /// Views.
    BinaryView(&'a BinaryViewArray),
}

impl<'a> WkbColumn<'a> {
    /// Returns a view of the array, or nothing when it does not hold binary values.
    pub fn try_new(array: &'a dyn Array) -> Option<Self> {
        let any = array.as_any();
        if let Some(array) = any.downcast_ref::<BinaryArray>() {
            return Some(Self::Binary(array));
        }
        if let Some(array) = any.downcast_ref::<BinaryViewArray>() {
            return Some(Self::BinaryView(array));
        }
        any.downcast_ref::<LargeBinaryArray>().map(Self::LargeBinary)
    }

    /// Returns the number of rows.
    pub fn len(self) -> usize {
        match self {
            Self::Binary(array) => array.len(),
            Self::LargeBinary(array) => array.len(),
            Self::BinaryView(array) => array.len(),
        }
    }

    /// Returns whether there are no rows.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns the number of rows that are NULL.
    pub fn null_count(self) -> usize {
        match self {
            Self::Binary(array) => array.null_count(),
            Self::LargeBinary(array) => array.null_count(),
            Self::BinaryView(array) => array.null_count(),
        }
    }

    /// Returns the bytes of a row, or nothing for NULL and rows beyond the end.
    #[inline]
    pub fn get(self, row: usize) -> Option<&'a [u8]> {
        match self {
            Self::Binary(array) => is_value(array, row).then(|| array.value(row)),
            Self::LargeBinary(array) => is_value(array, row).then(|| array.value(row)),
            Self::BinaryView(array) => is_value(array, row).then(|| array.value(row)),
        }
    }

    /// Returns the geometry of a row, or nothing for NULL.
    #[inline]
    pub fn geometry(self, row: usize) -> Result<Option<Geometry<'a>>, GeometryError> {
        self.get(row).map(Geometry::try_new).transpose()
    }

    /// Returns the bytes of all rows in order.
    pub fn iter(self) -> impl Iterator<Item = Option<&'a [u8]>> {
        (0..self.len()).map(move |row| self.get(row))
    }
}

#[inline]
fn is_value(array: &impl Array, row: usize) -> bool {
    row < array.len() && !array.is_null(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write;

    #[test]
    fn every_binary_layout_is_read() {
        let point = write::point_xy(1.0, 2.0);
        let values = vec![Some(point.as_slice()), None];
        let arrays: [Box<dyn Array>; 3] = [
            Box::new(BinaryArray::from(values.clone())),
            Box::new(LargeBinaryArray::from(values.clone())),
            Box::new(BinaryViewArray::from(values)),
        ];
        for array in &arrays {
            let column = WkbColumn::try_new(array.as_ref()).expect("a binary column");
            assert_eq!(column.len(), 2);
            assert_eq!(column.get(0), Some(point.as_slice()));
            assert_eq!(column.get(1), None);
            assert_eq!(column.get(2), None);
        }
        assert!(WkbColumn::try_new(&arrow::array::Int32Array::from(vec![1])).is_none());
    }
}
