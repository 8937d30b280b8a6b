//! The coordinates of native geometries, separated or interleaved, and the lists around them.

use arrow::array::{Array as _, ArrayRef, AsArray as _, Float64Array};
use arrow::datatypes::{DataType, Fields, Float64Type};

use crate::FormatError;

/// Offsets of one level of lists.
#[derive(Debug)]
pub(super) enum Offsets<'a> {
    Small(&'a [i32]),
    Large(&'a [i64]),
}

impl Offsets<'_> {
    /// Returns where the elements of list `index` begin and end.
    pub(super) fn range(&self, index: usize) -> std::ops::Range<usize> {
        let at = |index: usize| match self {
            Self::Small(offsets) => {
                offsets.get(index).and_then(|offset| usize::try_from(*offset).ok())
            }
            Self::Large(offsets) => {
                offsets.get(index).and_then(|offset| usize::try_from(*offset).ok())
            }
        };
        at(index).unwrap_or(0)..at(index + 1).unwrap_or(0)
    }
}

/// Takes one level of lists off.
pub(super) fn peel(array: &ArrayRef) -> Result<(Offsets<'_>, &ArrayRef), FormatError> {
    if let Some(list) = array.as_list_opt::<i32>() {
        return Ok((Offsets::Small(list.value_offsets()), list.values()));
    }
    if let Some(list) = array.as_list_opt::<i64>() {
        return Ok((Offsets::Large(list.value_offsets()), list.values()));
    }
    Err(misfit(array.data_type()))
}

/// The ordinates of all positions.
#[derive(Debug)]
pub(super) enum Coordinates<'a> {
    Separated(Vec<&'a Float64Array>),
    Interleaved { values: &'a Float64Array, size: usize, offset: usize },
}

impl<'a> Coordinates<'a> {
    /// Returns the coordinates and the WKB code of their dimension: 0, 1000, 2000 or 3000.
    pub(super) fn try_new(array: &'a ArrayRef) -> Result<(Self, u32), FormatError> {
        if let Some(positions) = array.as_struct_opt() {
            let places = ordinate_places(positions.fields());
            let columns: Option<Vec<_>> = places
                .iter()
                .map(|place| positions.columns().get(*place)?.as_primitive_opt::<Float64Type>())
                .collect();
            let columns = columns.filter(|columns| columns.len() >= 2);
            let columns = columns.ok_or_else(|| misfit(array.data_type()))?;
            let fields = places.iter().filter_map(|place| positions.fields().get(*place));
            let names: String = fields.map(|field| field.name().to_lowercase()).collect();
            let dimension = dimension_code(&names, columns.len());
            return Ok((Self::Separated(columns), dimension));
        }
        if let Some(positions) = array.as_fixed_size_list_opt()
            && let Some(values) = positions.values().as_primitive_opt::<Float64Type>()
            && let DataType::FixedSizeList(item, _) = array.data_type()
        {
            let size = usize::try_from(positions.value_length()).unwrap_or(2);
            let offset = usize::try_from(positions.value_offset(0)).unwrap_or(0);
            let dimension = dimension_code(item.name(), size);
            return Ok((Self::Interleaved { values, size, offset }, dimension));
        }
        Err(misfit(array.data_type()))
    }

    /// Writes the ordinates of one position.
    #[inline]
    pub(super) fn write(&self, index: usize, out: &mut Vec<u8>) {
        match self {
            Self::Separated(columns) => {
                for column in columns {
                    let value = column.values().get(index).filter(|_| column.is_valid(index));
                    let value = value.copied().unwrap_or(f64::NAN);
                    out.extend_from_slice(&value.to_le_bytes());
                }
            }
            Self::Interleaved { values, size, offset } => {
                let start = offset + index * size;
                let ordinates = values.values().get(start..start + size).unwrap_or_default();
                for value in ordinates {
                    out.extend_from_slice(&value.to_le_bytes());
                }
            }
        }
    }
}

/// Returns where X, Y, Z and M stand among the members of a position, as far as there are such; by
/// their names, or else in their order.
fn ordinate_places(fields: &Fields) -> Vec<usize> {
    let place =
        |name: &&str| fields.iter().position(|field| field.name().eq_ignore_ascii_case(name));
    let named: Vec<usize> = ["x", "y", "z", "m"].iter().filter_map(place).collect();
    if place(&"x").is_some() && place(&"y").is_some() {
        return named;
    }
    (0..fields.len().min(4)).collect()
}

fn dimension_code(names: &str, size: usize) -> u32 {
    match (names, size) {
        ("xym", 3) => 2000,
        (_, 3) => 1000,
        (_, 4) => 3000,
        _ => 0,
    }
}

pub(super) fn misfit(data_type: &DataType) -> FormatError {
    FormatError::Unsupported { reason: format!("{data_type} is no native geometry encoding") }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::StructArray;
    use arrow::datatypes::Field;

    use super::*;

    #[test]
    fn separated_ordinates_are_found_by_their_names() {
        for (names, expected, code) in [
            (&["y", "x"][..], &[2.0, 1.0][..], 0),
            (&["x", "y", "m"], &[1.0, 2.0, 3.0], 2000),
            (&["M", "Z", "Y", "X"], &[4.0, 3.0, 2.0, 1.0], 3000),
            (&["x", "y", "quality"], &[1.0, 2.0], 0),
            (&["lon", "lat", "height"], &[1.0, 2.0, 3.0], 1000),
        ] {
            let members = names.iter().zip(1..).map(|(name, value)| {
                let field = Arc::new(Field::new(*name, DataType::Float64, true));
                (field, Arc::new(Float64Array::from(vec![f64::from(value)])) as ArrayRef)
            });
            let array: ArrayRef = Arc::new(StructArray::from(members.collect::<Vec<_>>()));
            let (coordinates, dimension) = Coordinates::try_new(&array).unwrap();
            let mut out = Vec::new();
            coordinates.write(0, &mut out);
            let found =
                out.chunks_exact(8).map(|value| f64::from_le_bytes(value.try_into().unwrap()));
            assert_eq!((found.collect::<Vec<_>>().as_slice(), dimension), (expected, code));
        }
    }
}
